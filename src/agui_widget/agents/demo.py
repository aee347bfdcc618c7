"""The built-in demo: an agent that needs no key and no network, and shows every lane.

It tells one small story about a quarter's sales. What it does depends on a word in the message:

    fail     the first try ends in an error; the retry answers
    long     a long answer, to be stopped
    (else)   reasoning, two tools at once (one fails and is retried), an answer
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from ..projection import TOOL_PROGRESS
from .function import FunctionAgent, RunContext
from .options import refuse_unknown

Event = dict[str, Any]

STARTERS = [
    "Which products lost margin last quarter?",
    "Fail once, then recover",
    "Write something long, so that I can stop you",
]

REASONING = """The margins need two sources: the sales of the quarter and the exchange rates. \
Neither depends on the other, so both can be fetched at the same time. The rates service is known to be \
flaky; if it fails, one more try is cheap."""

OPENING = "I will load the sales and the exchange rates side by side."

ANSWER = """**Three products** lost margin in the third quarter, mostly because freight became dearer:

| product | margin Q2 | margin Q3 | change |
|---|--:|--:|--:|
| Tent L | 31.4 % | 22.9 % | −8.5 |
| Stove | 40.2 % | 36.0 % | −4.2 |
| Rain jacket | 38.8 % | 35.1 % | −3.7 |

The rates service failed once and answered on the second try, so the numbers are complete. \
Freight explains about *two thirds* of the drop:

```python
margin = df.groupby(["product", "quarter"]).margin.mean().unstack()
print((margin["Q3"] - margin["Q2"]).nsmallest(3))  # the largest drops
```
"""

RECOVERED = "This time the model answered. What you saw before was an error that the agent reported: it stopped, \
nothing was lost, and one click tried again."

LONG_SENTENCE = "This is sentence number {n} of a long answer, and you may stop it whenever you like. "


def adapt(_: None, *, pace: float = 1.0, **options: Any) -> FunctionAgent:
    """The demo agent. `pace` stretches its pauses; 0 has none."""
    refuse_unknown("the demo agent", options, ["pace"])
    return FunctionAgent(Demo(pace), ["run"])


class Demo:
    """One conversation with the demo; it remembers what has failed already."""

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._has_failed = False
        self._run_count = 0

    def __call__(self, run: RunContext) -> AsyncIterator[Any]:
        """The story that the user's words ask for."""
        self._run_count += 1
        story = next((story for word, story in STORIES.items() if word in run.text.lower()), Demo._sales)
        return story(self, run)

    def _id(self, name: str) -> str:
        """An id that no earlier run of this conversation has used."""
        return f"demo-{self._run_count}-{name}"

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)

    async def _words(self, text: str) -> AsyncIterator[str]:
        for word in re.findall(r"\s*\S+\s*$|\s*\S+", text):
            await self._pause(0.03)
            yield word

    async def _reasoning(self, text: str) -> AsyncIterator[Event]:
        span, message = {"messageId": self._id("span")}, {"messageId": self._id("reasoning")}
        yield {"type": "REASONING_START", **span}
        yield {"type": "REASONING_MESSAGE_START", **message, "role": "reasoning"}
        async for delta in self._words(text):
            yield {"type": "REASONING_MESSAGE_CONTENT", **message, "delta": delta}
        yield {"type": "REASONING_MESSAGE_END", **message}
        yield {"type": "REASONING_END", **span}

    async def _sales(self, run: RunContext) -> AsyncIterator[Any]:
        async for event in self._reasoning(REASONING):
            yield event
        async for word in self._words(OPENING):
            yield word
        sales, rates, rates_again = self._id("sales"), self._id("rates"), self._id("rates-again")
        async for event in self._call(sales, "load_sales", {"quarter": "Q3", "region": "all"}):
            yield event
        async for event in self._call(rates, "fx_rates", {"base": "EUR", "to": ["USD", "BRL"]}):
            yield event
        for percent in range(10, 100, 10):
            await self._pause(0.12)
            yield _progress(sales, percent / 100, f"{percent * 12:,} rows")
            if percent == 50:
                yield _result(rates, "503 Service Unavailable", error="503 from the rates service")
                async for event in self._call(rates_again, "fx_rates", {"base": "EUR", "to": ["USD", "BRL"]}):
                    yield event
        yield _result(sales, "1,204 rows × 7 columns")
        await self._pause(0.3)
        yield _result(rates_again, json.dumps({"USD": 1.09, "BRL": 5.91}))
        async for word in self._words(ANSWER):
            yield word
        yield _finished(run, input_tokens=1204, output_tokens=388)

    async def _call(self, call_id: str, name: str, arguments: dict[str, Any]) -> AsyncIterator[Event]:
        yield {"type": "TOOL_CALL_START", "toolCallId": call_id, "toolCallName": name}
        for delta in _fragments(json.dumps(arguments), 12):
            await self._pause(0.04)
            yield {"type": "TOOL_CALL_ARGS", "toolCallId": call_id, "delta": delta}
        yield {"type": "TOOL_CALL_END", "toolCallId": call_id}

    async def _fail_once(self, run: RunContext) -> AsyncIterator[Any]:
        self._has_failed = not self._has_failed
        if self._has_failed:
            async for word in self._words("The first try of this one goes wrong after a few words"):
                yield word
            message = "The model is overloaded (429)."
            yield {"type": "RUN_ERROR", "message": message, "code": "overloaded"}
            return
        async for word in self._words(RECOVERED):
            yield word

    async def _long(self, run: RunContext) -> AsyncIterator[Any]:
        for n in range(1, 201):
            async for word in self._words(LONG_SENTENCE.format(n=n)):
                yield word
            if n % 5 == 0:
                yield "\n\n"


Story = Callable[[Demo, RunContext], AsyncIterator[Any]]

STORIES: dict[str, Story] = {"fail": Demo._fail_once, "long": Demo._long}


def _fragments(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


def _progress(call_id: str, progress: float, summary: str) -> Event:
    value = {"toolCallId": call_id, "progress": progress, "summary": summary}
    return {"type": "CUSTOM", "name": TOOL_PROGRESS, "value": value}


def _result(call_id: str, content: str, *, error: str | None = None) -> Event:
    event: Event = {
        "type": "TOOL_CALL_RESULT",
        "messageId": f"{call_id}-result",
        "toolCallId": call_id,
        "content": content,
    }
    return event if error is None else {**event, "metadata": {"error": error}}


def _finished(run: RunContext, *, input_tokens: int, output_tokens: int) -> Event:
    usage = {"provider": "demo", "inputTokens": input_tokens, "outputTokens": output_tokens}
    return {
        "type": "RUN_FINISHED",
        "threadId": run.input["threadId"],
        "runId": run.input["runId"],
        "usage": [usage],
    }
