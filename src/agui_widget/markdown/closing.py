"""Markdown that other text can follow: a fence, a comment, a raw tag or a fold that is still open would swallow it."""

from __future__ import annotations

import re

from .blocks import BlockParser
from .document import with_plain_line_ends

_RAW = re.compile(r"<(script|pre|textarea|style)", re.IGNORECASE)
_FOLD = re.compile(r"<(/?)details\b", re.IGNORECASE)
_MARKS = ("", "-->", "?>", ">", "]]>")  # what ends the kinds of HTML that no blank line ends


def closed(text: str) -> str:
    """The text, and behind it what ends a block that is open at its end. What a list or a quote holds ends with it."""
    parser = BlockParser()
    for line in with_plain_line_ends(text).split("\n"):
        parser.feed(line)
    return f"{text}{_end_of_block(parser)}{_ends_of_folds(parser)}"


def _end_of_block(parser: BlockParser) -> str:
    block = parser.tip
    if block.parent is not parser.document or not block.is_open:
        return ""
    if block.kind == "fence":
        return f"\n{block.fence}"
    if block.kind == "html" and block.html < len(_MARKS):
        raw = _RAW.match(block.text.lstrip())
        return f"\n</{raw[1].lower()}>" if raw else f"\n{_MARKS[block.html]}"
    return ""


def _ends_of_folds(parser: BlockParser) -> str:
    """What ends the `<details>` that blocks of HTML began; a paragraph may end one too."""
    depth = 0
    for block in parser.document.children:
        for found in _FOLD.finditer(block.text) if block.kind in ("html", "paragraph") else ():
            if found[1]:
                depth = max(0, depth - 1)
            elif block.kind == "html":
                depth += 1
    return "\n\n" + "</details>\n" * depth if depth else ""
