"""The colours of code: Pygments' tokens as runs of (length in UTF-16 units, class)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, TypeAlias

from pygments.lexer import Lexer  # type: ignore[import-untyped]  # it ships no types
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]  # it ships no types
from pygments.token import Token  # type: ignore[import-untyped]  # it ships no types
from pygments.util import ClassNotFound  # type: ignore[import-untyped]  # it ships no types

from .bounds import MAX_COLOURED, MAX_COLOURED_LINE, MAX_WORDS
from .nodes import width

Run: TypeAlias = list[Any]  # [length, class]

CLASSES = frozenset(
    "keyword string number comment def builtin operator punctuation variable attribute tag meta error".split()
)
# The class of a token, or else of the nearest type above it.
_CLASS_OF: dict[Any, str] = {
    Token: "",
    Token.Comment: "comment",
    Token.Comment.Preproc: "meta",
    Token.Comment.PreprocFile: "string",
    Token.Error: "",  # code in a chat is often a fragment: red would only disturb
    Token.Generic.Deleted: "error",
    Token.Generic.Error: "error",
    Token.Generic.Heading: "def",
    Token.Generic.Inserted: "string",
    Token.Generic.Prompt: "meta",
    Token.Generic.Subheading: "def",
    Token.Generic.Traceback: "error",
    Token.Keyword: "keyword",
    Token.Keyword.Type: "builtin",
    Token.Literal: "string",
    Token.Number: "number",
    Token.Name.Attribute: "attribute",
    Token.Name.Builtin: "builtin",
    Token.Name.Class: "def",
    Token.Name.Constant: "builtin",
    Token.Name.Decorator: "meta",
    Token.Name.Entity: "builtin",
    Token.Name.Exception: "builtin",
    Token.Name.Function: "def",
    Token.Name.Property: "attribute",
    Token.Name.Tag: "tag",
    Token.Name.Variable: "variable",
    Token.Operator: "operator",
    Token.Operator.Word: "keyword",
    Token.Punctuation: "punctuation",
    Token.String: "string",
}
_HARMFUL = re.compile(rf"[^\n]{{{MAX_COLOURED_LINE}}}|[\w\s.$]{{{MAX_WORDS}}}")
# An open block is coloured again when it has grown by a quarter, a long one when it has doubled: the runs of all of
# it are sent each time, and are some four times as long as the code.
_GROWTH = 1.25
_GROWTH_IF_LONG = 2.0
_LONG = 2_000


@lru_cache(maxsize=128)
def _cached_runs(lang: str, text: str) -> tuple[tuple[int, str], ...]:
    lexer = _lexer(lang)
    if lexer is None:
        return ()
    text = _harmless(text)
    runs: list[tuple[int, str]] = []
    end = 0
    for start, token, value in lexer.get_tokens_unprocessed(text + "\n"):
        if start != end:  # a lexer that skips or repeats: no colours rather than wrong ones
            return ()
        end = start + len(value)
        name = _class_of(token)
        length = width(text[start:end])
        if runs and runs[-1][1] == name:
            runs[-1] = (runs[-1][0] + length, name)
        elif length:
            runs.append((length, name))
    while runs and not runs[-1][1]:
        runs.pop()
    return tuple(runs)


def runs(lang: str, text: str) -> list[Run]:
    """The colours of a block of code; empty if its language is unknown or it is too long."""
    return [list(run) for run in _cached_runs(lang.lower(), text)] if lang and text else []


class GrowingRuns:
    """The colours of a block that is still being written: of whole lines, and not anew for each of them."""

    def __init__(self) -> None:
        self._lang = ""
        self._text = ""
        self._runs: list[Run] = []

    def of(self, lang: str, text: str) -> list[Run]:
        """The colours of the start of `text`, up to where they were last worked out."""
        is_longer = lang == self._lang and text.startswith(self._text)
        growth = _GROWTH if len(text) < _LONG else _GROWTH_IF_LONG
        if not is_longer or len(text) > growth * len(self._text) + 20:
            self._lang, self._text = lang, text[: text.rfind("\n") + 1]
            self._runs = runs(lang, self._text)
        return self._runs


def _harmless(text: str) -> str:
    """The start of a text, up to what makes the expressions of some lexers quadratic (see `bounds`)."""
    end = min(len(text), MAX_COLOURED)
    match = _HARMFUL.search(text, 0, end)
    return text[: match.start()] if match else text[:end]


@lru_cache(maxsize=64)
def _lexer(lang: str) -> Lexer | None:
    try:
        lexer: Lexer = get_lexer_by_name(lang)
    except ClassNotFound:
        return None
    return lexer


@lru_cache(maxsize=1024)
def _class_of(token: Any) -> str:
    while token not in _CLASS_OF:
        token = token.parent
    return _CLASS_OF[token]
