"""Words in the place of others, which AG-UI has no event for; and HTML as words."""

from __future__ import annotations

import re

from ..protocol import REPLACE
from .writer import Event

_BLOCK = re.compile(r"\s*<(?:!--|[a-zA-Z])")


def replaced(message_id: str, text: str) -> Event:
    """What a message says, instead of all it said before."""
    return {"type": "CUSTOM", "name": REPLACE, "value": {"messageId": message_id, "text": text}}


def html_source(html: str) -> str:
    """HTML as a text in which it stays HTML: markdown takes a blank line for its end, and indented lines for code."""
    if not _BLOCK.match(html) or "<pre" in html.lower():
        return html
    return "\n".join(line.strip() for line in html.split("\n") if line.strip())
