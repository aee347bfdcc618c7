"""Emphasis and strikethrough of a list of inline tokens, in linear time.

mistune splices lists for every pair and looks back without bound for some inputs; here the pairs are found first,
on a linked list with a lower bound for each kind of closer, and the tree is built in one pass over them.

Source: https://spec.commonmark.org/0.31.2/#process-emphasis; GFM for `~`, one or two, as many as opened.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

Token = dict[str, Any]

_RUNS = re.compile(r"\*+|_+|~+")
_ELEMENTS = {("*", 1): "emphasis", ("*", 2): "strong", ("_", 1): "emphasis", ("_", 2): "strong"}
_OTHER = "\ufffc"  # stands for what is no text, beside a run; counts as punctuation


@dataclass(slots=True)
class _Run:
    """A run of one delimiter; `closes` and `opens` are the elements it ends and begins, with their lengths."""

    character: str
    length: int
    can_open: bool
    can_close: bool
    left: int
    closes: list[tuple[str, int]]
    opens: list[tuple[str, int]]
    before: int = -1  # the neighbours that may still open something
    after: int = -1


def resolve(tokens: list[Token], depth: int) -> list[Token]:
    """The tokens with emphasis, strong and strikethrough as elements, at most `depth` in each other."""
    tokens = _coalesced(tokens)
    if depth <= 0 or not any(_is_read(token) and _RUNS.search(token["raw"]) for token in tokens):
        return [_clean(token) for token in tokens]
    parts, runs = _split(tokens)
    _pair(runs)
    return _tree(parts, depth)


def _is_read(token: Token) -> bool:
    return bool(token["type"] == "text" and token.get("_emphasis", True))


def _clean(token: Token) -> Token:
    return {key: value for key, value in token.items() if key != "_autolink"} if "_autolink" in token else token


def _coalesced(tokens: list[Token]) -> list[Token]:
    """Neighbouring texts of one kind become one: an entity may have been cut in two."""
    result: list[Token] = []
    texts: list[str] = []
    is_read = True

    def flush() -> None:
        if texts:
            token = {"type": "text", "raw": "".join(texts)}
            result.append(token if is_read else {**token, "_emphasis": False})
            texts.clear()

    for token in tokens:
        if token["type"] != "text" or token.get("_emphasis", True) != is_read:
            flush()
        if token["type"] != "text":
            result.append(token)
            continue
        is_read = token.get("_emphasis", True)
        texts.append(token["raw"])
    flush()
    return result


def _split(tokens: list[Token]) -> tuple[list[Token | _Run], list[_Run]]:
    """Tokens with the runs cut out of the texts."""
    parts: list[Token | _Run] = []
    runs: list[_Run] = []
    for number, token in enumerate(tokens):
        if not _is_read(token):
            parts.append(_clean(token))
            continue
        text = token["raw"]
        end = 0
        for match in _RUNS.finditer(text):
            if match.start() > end:
                parts.append({"type": "text", "raw": text[end : match.start()]})
            end = match.end()
            before = text[match.start() - 1] if match.start() else _edge(tokens, number - 1, -1)
            after = text[end] if end < len(text) else _edge(tokens, number + 1, 0)
            run = _run(match[0], before, after)
            parts.append(run)
            runs.append(run)
        if end < len(text):
            parts.append({"type": "text", "raw": text[end:]})
    return parts, runs


def _edge(tokens: list[Token], number: int, side: int) -> str:
    """The character beside a run that stands at the edge of its text."""
    if not 0 <= number < len(tokens):
        return "\n"
    token = tokens[number]
    if token["type"] == "text":
        return str(token["raw"][side])
    return "\n" if token["type"] in ("softbreak", "linebreak") else _OTHER


def _run(run: str, before: str, after: str) -> _Run:
    punctuation_before, punctuation_after = _is_punctuation(before), _is_punctuation(after)
    is_left = not after.isspace() and (not punctuation_after or before.isspace() or punctuation_before)
    is_right = not before.isspace() and (not punctuation_before or after.isspace() or punctuation_after)
    can_open, can_close = is_left, is_right
    if run[0] == "_":
        can_open = is_left and (not is_right or punctuation_before)
        can_close = is_right and (not is_left or punctuation_after)
    if run[0] == "~" and len(run) > 2:
        can_open = can_close = False
    return _Run(run[0], len(run), can_open, can_close, len(run), [], [])


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _pair(runs: list[_Run]) -> None:
    """Find which runs open and close what."""
    for number, run in enumerate(runs):
        run.before, run.after = number - 1, number + 1
    bottoms: dict[tuple[str, bool, int], int] = {}
    number = 0
    while number < len(runs):
        closer = runs[number]
        if not closer.can_close or not closer.left:
            number = closer.after
            continue
        kind = closer.character, closer.can_open, closer.length if closer.character == "~" else closer.length % 3
        opener = _opener(runs, closer, bottoms.get(kind, -1))
        if opener < 0:
            bottoms[kind] = closer.before
            if not closer.can_open:
                _unlink(runs, number)
            number = closer.after
            continue
        _match(runs[opener], closer)
        runs[opener].after, closer.before = number, opener  # what stands between can open nothing more
        if not runs[opener].left:
            _unlink(runs, opener)
        if not closer.left:
            _unlink(runs, number)
            number = closer.after


def _opener(runs: list[_Run], closer: _Run, bottom: int) -> int:
    at = closer.before
    while at > bottom:
        opener = runs[at]
        if opener.character == closer.character and opener.can_open and _fits(opener, closer):
            return at
        at = opener.before
    return -1


def _fits(opener: _Run, closer: _Run) -> bool:
    if opener.character == "~":
        return opener.length == closer.length
    if not (opener.can_close or closer.can_open):
        return True
    return (opener.length + closer.length) % 3 != 0 or (opener.length % 3 == 0 and closer.length % 3 == 0)


def _match(opener: _Run, closer: _Run) -> None:
    length = opener.left if opener.character == "~" else 2 if opener.left >= 2 and closer.left >= 2 else 1
    element = _ELEMENTS.get((opener.character, length), "strikethrough")
    opener.opens.append((element, length))
    closer.closes.append((element, length))
    opener.left -= length
    closer.left -= length


def _unlink(runs: list[_Run], number: int) -> None:
    run = runs[number]
    if run.before >= 0:
        runs[run.before].after = run.after
    if run.after < len(runs):
        runs[run.after].before = run.before


def _tree(parts: list[Token | _Run], depth: int) -> list[Token]:
    """Build the elements; those too deep stay the characters they were."""
    root: list[Token] = []
    stack: list[list[Token]] = [root]
    too_deep = 0
    for part in parts:
        if not isinstance(part, _Run):
            _append(stack[-1], part)
            continue
        for _, length in part.closes:
            if too_deep:
                too_deep -= 1
                _append(stack[-1], {"type": "text", "raw": part.character * length})
            else:
                stack.pop()
        if part.left:
            _append(stack[-1], {"type": "text", "raw": part.character * part.left})
        for element, length in reversed(part.opens):
            if too_deep or len(stack) > depth:
                too_deep += 1
                _append(stack[-1], {"type": "text", "raw": part.character * length})
                continue
            children: list[Token] = []
            stack[-1].append({"type": element, "children": children})
            stack.append(children)
    return root


def _append(tokens: list[Token], token: Token) -> None:
    """Append a token; a text to the text before it, so that what is one word stays one text."""
    if tokens and _is_read(token) and _is_read(tokens[-1]):
        tokens[-1] = {"type": "text", "raw": tokens[-1]["raw"] + token["raw"]}
    else:
        tokens.append(token)


def unclosed(text: str) -> list[tuple[int, str]]:
    """The runs of a text that opened something which nothing has closed, as (position, what is left of it)."""
    runs = [_Run("", 0, False, False, 0, [], [])]  # before the first, so that the list has a head
    places = [0]
    for match in _RUNS.finditer(text):
        before = text[match.start() - 1] if match.start() else "\n"
        after = text[match.end()] if match.end() < len(text) else "\n"
        runs.append(_run(match[0], before, after))
        places.append(match.start())
    _pair(runs)
    found = []
    number = runs[0].after
    while number < len(runs):
        run = runs[number]
        if run.can_open and run.left:
            found.append((places[number], run.character * run.left))
        number = run.after
    return found
