r"""Mathematics in a line: `$x$`, `$$x$$`, `\(x\)`, `\[x\]`, and which `$` are only prices."""

from __future__ import annotations

import re
from typing import NamedTuple

START = r"\$+|\\[(\[]"
_MAX_LENGTH = 2_000  # characters of a formula in a line; also bounds the search for its end

_INLINE = re.compile(r"\$(?![\s$])((?:[^$\\\n]|\\[^\n]){0,1999}?)(?<!\s)\$(?![\w$])")
_CLOSINGS = {"\\(": "\\)", "\\[": "\\]"}


class Formula(NamedTuple):
    """A formula in a line; `end` is the position behind it."""

    tex: str
    is_display: bool
    end: int


def read(text: str, at: int) -> Formula | None:
    """The formula that begins at a `$`, `\\(` or `\\[`; None if none does."""
    if text[at] == "\\":
        return _closed_by(text, at, _CLOSINGS[text[at : at + 2]])
    if text.startswith("$$", at):
        return None if text.startswith("$$$", at) else _closed_by(text, at, "$$")
    if at and (text[at - 1].isalnum() or text[at - 1] in "$\\"):
        return None  # US$5
    match = _INLINE.match(text, at)
    return Formula(match[1], False, match.end()) if match else None


def _closed_by(text: str, at: int, closing: str) -> Formula | None:
    end = text.find(closing, at + 2, at + _MAX_LENGTH)
    tex = text[at + 2 : end].strip() if end >= 0 else ""
    if not any(character.isalnum() for character in tex):  # escaped brackets around nothing
        return None
    return Formula(tex, closing != "\\)", end + 2)
