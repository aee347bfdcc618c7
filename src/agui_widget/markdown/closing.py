"""Markdown that other text can follow: a fence, a comment or a raw tag that is still open would swallow it."""

from __future__ import annotations

import re

from .blocks import BlockParser
from .document import with_plain_line_ends

_RAW = re.compile(r"<(script|pre|textarea|style)", re.IGNORECASE)
_MARKS = ("", "-->", "?>", ">", "]]>")  # what ends the kinds of HTML that no blank line ends


def closed(text: str) -> str:
    """The text, and behind it what ends a block that is open at its end. What a list or a quote holds ends with it."""
    parser = BlockParser()
    for line in with_plain_line_ends(text).split("\n"):
        parser.feed(line)
    block = parser.tip
    if block.parent is not parser.document or not block.is_open:
        return text
    if block.kind == "fence":
        return f"{text}\n{block.fence}"
    if block.kind == "html" and block.html < len(_MARKS):
        raw = _RAW.match(block.text.lstrip())
        return f"{text}\n</{raw[1].lower()}>" if raw else f"{text}\n{_MARKS[block.html]}"
    return text
