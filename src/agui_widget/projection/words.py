"""What messages say: texts and reasoning as they stream, as a snapshot has them, and with what they cite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..citations import Citations
from ..content import Content, content_text, media_output
from ..markdown import MarkdownStream, parse
from ..shells import Owner, Shells
from .places import Key, Place, Places
from .status import Status
from .writer import Cited, Writer

Event = dict[str, Any]
Message = dict[str, Any]
Shown = Callable[[str, str, str], str | None]  # (shell, lane, part) → the words, or arguments, on screen
FindMessage = Callable[[str], Message | None]


class Words:
    """The texts of all messages: where each stands, who writes it, and what it cites.

    `markdown` is `live`, `final` (plain while it streams) or `off`.
    """

    def __init__(self, shells: Shells, status: Status, find: FindMessage, shown: Shown, markdown: str) -> None:
        self._shells = shells
        self._status = status
        self._find = find
        self._shown = shown
        self.markdown = markdown
        self.places = Places(shells)
        self.citations = Citations(shells, self.places.shell_of, self._mark)
        self.begin()

    def begin(self) -> None:
        """A new run."""
        self._writers: dict[tuple[str, str], Writer] = {}  # by lane and message id
        self._waiting: list[Writer] = []  # have words that were not read yet
        self._starts: dict[str, Event] = {}  # text message id → its start: role and name
        self.citations.begin()

    def close(self) -> None:
        """Nobody writes any more."""
        for lane, message_id in self._writers:
            self._end(lane, message_id)

    def text_started(self, event: Event) -> None:
        """The shell is opened by the first words."""
        self._starts[event["messageId"]] = event
        self._cite(event)

    def text(self, event: Event) -> None:
        """Some words of an answer."""
        self._write("text", event)
        self._cite(event)

    def text_ended(self, event: Event) -> None:
        """An answer is whole, though it may go on."""
        self._cite(event)
        self._end("text", event["messageId"])

    def reasoning(self, event: Event) -> None:
        """Some words of a reasoning, or of a thinking."""
        is_thinking = (event.get("metadata") or {}).get("lane") == "thinking"
        self._write("thinking" if is_thinking else "reasoning", event)

    def reasoning_ended(self, event: Event) -> None:
        """A reasoning is whole, though it may go on."""
        for lane in ("thinking", "reasoning"):
            self._end(lane, event["messageId"])

    @property
    def has_waiting(self) -> bool:
        """True if words wait to be read as markdown."""
        return bool(self._waiting)

    def read_waiting(self) -> None:
        """Read them."""
        waiting, self._waiting = self._waiting, []
        for writer in waiting:
            writer.read()

    def _cite(self, event: Event) -> None:
        self.citations.cited(event["messageId"], event.get("metadata"))

    def _write(self, lane: str, event: Event) -> None:
        """Append the event's words to their message's part."""
        words = event["delta"]
        if not words:
            return  # an empty message never shows
        writer = self._writers.get((lane, event["messageId"]))
        if writer is None or not writer.is_open:
            writer = self._open(lane, event)
        if writer.write(words):
            self._waiting.append(writer)
        self._status.become("streaming")

    def _open(self, lane: str, event: Event) -> Writer:
        """A new part, or the old one where a message that had ended goes on in its place."""
        writer = self._writers.get((lane, event["messageId"]))
        if writer is not None and writer.shell.takes(lane) and writer.shell in self._shells.current.values():
            writer.is_open = True
            if writer.stream is not None:
                self.rewrite(writer.place, writer.stream.text, is_answer=True)
        else:
            writer = self._new_writer(lane, event["messageId"], event.get("subagentRunId"))
        writer.shell.writing[lane] += 1
        return writer

    def _new_writer(self, lane: str, message_id: str, owner: Owner) -> Writer:
        start = self._starts.get(message_id, {}) if lane == "text" else {}
        role = start.get("role", "assistant")
        shell = self._shells.shell_for(lane, owner, role=role, name=start.get("name"))
        writer = self._writers[lane, message_id] = Writer(self._shells, shell, lane, shell.next_part(lane))
        if lane == "text" and role == "assistant" and self.markdown == "live":
            writer.stream = MarkdownStream()
        whose = role if lane == "text" else "reasoning"
        self.places.of[whose, message_id] = writer.place
        if whose == "assistant":
            self.citations.said(message_id, shell)
        return writer

    def _end(self, lane: str, message_id: str) -> None:
        writer = self._writers.get((lane, message_id))
        if writer is not None and writer.is_open:
            if writer.stream is not None:
                writer.close()
            elif lane == "text" and writer.shell.role == "assistant" and self.markdown == "final":
                self._format(writer)
            writer.is_open = False
            writer.shell.writing[lane] -= 1
            self._shells.seal_after_write(writer.shell)

    def _format(self, writer: Writer) -> None:
        """Plain while it streamed, read as markdown now that it has ended."""
        text = self._shown(*writer.place) or ""
        part = {"key": writer.part, "kind": "blocks", "nodes": parse(text, *self._cited_at(writer.place)), "text": text}
        self._shells.emit(writer.shell, "part.put", writer.lane, part)

    def rewrite(self, place: Place, text: str, *, is_answer: bool) -> None:
        """Show another text in the place of one; what still streams goes on behind it."""
        shell_id, lane, part = place
        shown: dict[str, Any] = {"kind": "text"}
        writer = self._writer_at(place)
        if writer is not None and writer.stream is not None:
            shown = {"kind": "blocks", "nodes": writer.begin_with(text, self._cited_at(place))}
        elif is_answer and self.markdown != "off" and not (writer and writer.is_open):
            shown = {"kind": "blocks", "nodes": parse(text, *self._cited_at(place))}
        self._shells.put("part.put", lane, {"key": part, **shown, "text": text}, shell_id)

    def replace(self, value: dict[str, Any], owner: Owner) -> None:
        """A message says another text, as `REPLACE` has it."""
        message_id, text = value.get("messageId"), value.get("text")
        for role in ("assistant", "reasoning"):
            place = self.places.of.get((role, message_id)) if isinstance(message_id, str) else None
            if place is not None and isinstance(text, str):
                self.rewrite(place, text, is_answer=role == "assistant")

    def _writer_at(self, place: Place) -> Writer | None:
        return next((each for each in self._writers.values() if each.place == place), None)

    def _cited_at(self, place: Place) -> Cited:
        """What the text at a place cites."""
        message_id = self.places.message_at(place)
        return self.citations.of(message_id) if message_id is not None else ([], [])

    def _mark(self, shell_id: str) -> None:
        """The sources of an answer have changed: so do the numbers in its texts."""
        for message_id, place in self.places.answers_in(shell_id):
            writer = self._writer_at(place)
            if writer is None:
                self._mark_ended(message_id, place)
            elif writer.stream is not None:
                writer.cite(self.citations.of(message_id))
            elif not writer.is_open and self.markdown == "final":
                self._format(writer)

    def _mark_ended(self, message_id: str, place: Place) -> None:
        """Of a run before this one."""
        message = self._find(message_id)
        if message is not None and message["role"] == "assistant" and self.markdown != "off":
            self.rewrite(place, content_text(message.get("content") or ""), is_answer=True)

    def show(self, message: Message, gone: list[Key]) -> None:
        """Show a message as it is now; one that only got a new id takes over the place of one of the `gone`."""
        content = message.get("content") or ""
        text = content_text(content)
        key = (message["role"], message["id"])
        is_new = key not in self.places.of and (text or media_output(content))
        if is_new and not self._rename(key, content, gone):
            self._new_place(key, message)
        place = self.places.of.get(key)
        if place is not None:
            self.places.show_media(key, content)
            if (self._shown(*place) or "") != text:
                self.rewrite(place, text, is_answer=message["role"] == "assistant")
        if message["role"] == "assistant":
            self.citations.cited(message["id"], message.get("metadata"))

    def drop(self, gone: list[Key]) -> None:
        """These messages are no more."""
        for key in gone:
            shell_id, _, _ = self.places.of[key]
            self.places.remove(key)
            self.citations.drop(key[1], shell_id)

    def _rename(self, key: Key, content: Content, gone: list[Key]) -> bool:
        """True if a message has only got a new id: the same role, words and media."""
        text = content_text(content)
        for before in [each for each in gone if each[0] == key[0]]:
            has_words = (self._shown(*self.places.of[before]) or "") == text
            if has_words and self.places.has_media(before, content):
                gone.remove(before)
                self.places.rename(before, key)
                self.citations.rename(before[1], key[1])
                return True
        return False

    def _new_place(self, key: Key, message: Message) -> None:
        lane = "reasoning" if message["role"] == "reasoning" else "text"
        role = "assistant" if lane == "reasoning" else message["role"]
        shell = self._shells.shell_for(lane, message.get("subagentRunId"), role=role, name=message.get("name"))
        self.places.of[key] = shell.id, lane, shell.next_part(lane)
        if message["role"] == "assistant":
            self.citations.said(message["id"], shell)

    def forget(self, gone: set[str]) -> None:
        """Shells have left the screen."""
        self.places.forget(gone)
        self.citations.forget(gone)
