"""The text that is streamed: tokens of 20 bytes, and a line end now and then, as in an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

TOKEN_BYTES = 20
LINE_TOKENS = 40


def token(n: int) -> str:
    """The token numbered `n`; each is different, so that a lost or doubled one shows."""
    return f"word {n:06d} of many{' ' if (n + 1) % LINE_TOKENS else chr(10)}"


def text_of(count: int) -> str:
    return "".join(map(token, range(count)))


async def paced(count: int, rate: float) -> AsyncIterator[str]:
    """`rate` tokens a second by the clock: who falls behind gets several at once."""
    start = time.monotonic()
    for n in range(count):
        yield token(n)
        wait = start + (n + 1) / rate - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)


async def burst(count: int) -> AsyncIterator[str]:
    """As fast as Python can, without ever giving the loop a turn: the worst an agent can do."""
    for n in range(count):
        yield token(n)


async def polite_burst(count: int) -> AsyncIterator[str]:
    """As fast as Python can, with a turn of the loop for each token: a fast server's stream."""
    for n in range(count):
        yield token(n)
        await asyncio.sleep(0)
