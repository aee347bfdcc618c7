"""Answers to what a page asks about live objects, worked out beside the loop: sorting a million rows takes a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .agents.worker import Worker
from .errors import AguiError, ObjectError, in_words
from .loop import DriverLoop
from .objects import Objects
from .protocol.values import copy_json

MAX_WAITING = 50  # questions of one chat that are not answered yet

Question = Callable[[Objects], dict[str, Any]]


def _answered(question: Question, objects: Objects) -> dict[str, Any]:
    answer: dict[str, Any] = copy_json(question(objects))  # half a character cannot be sent
    return answer


class Answers:
    """Answers one question after the other, each with the nonce it came with. On the driver's loop only."""

    def __init__(self, objects: Objects, send: Callable[[dict[str, Any]], None]) -> None:
        self._objects = objects
        self._send = send
        self._waiting: list[tuple[str, Question]] = []

    def ask(self, nonce: str, question: Question) -> None:
        """Answer soon, with `answer` or `refused`. Raises `ObjectError` if too many wait."""
        if len(self._waiting) >= MAX_WAITING:
            raise ObjectError("this chat is busy with earlier questions: try again in a moment")
        self._waiting.append((nonce, question))
        if len(self._waiting) == 1:
            DriverLoop.shared().submit(self._answer_all())

    async def _answer_all(self) -> None:
        worker = Worker("agui-answers")
        try:
            while self._waiting:
                nonce, question = self._waiting[0]
                self._send(await self._answer(worker, nonce, question))
                del self._waiting[0]
        finally:
            self._waiting.clear()  # none is left, unless nothing can be sent any more
            worker.finish(lambda: None)

    async def _answer(self, worker: Worker, nonce: str, question: Question) -> dict[str, Any]:
        try:
            return {"t": "answer", "nonce": nonce, **await worker.call(_answered, question, self._objects)}
        except AguiError as error:
            message = str(error)
        except Exception as error:  # the object's own methods
            message = in_words(error)
        return {"t": "refused", "nonce": nonce, "message": message}
