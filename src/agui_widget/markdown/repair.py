"""What is unfinished at the end of a text that still grows: finished, or held back, so that no mark ever flashes.

Only the display is repaired, never the text: every repair is undone by the next parse.
"""

from __future__ import annotations

import re

from . import emphasis, formulas, tables
from .blocks import Block
from .definitions import Definitions, take
from .engine import link_end
from .tags import ELEMENTS, TAG

_OPAQUE = "\ufffc"  # stands for what has no emphasis in it
_MARKS = re.compile(r"\\.|\\\Z|`+|\$+|!?\[|\]|<", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]*(\]?)")
_AUTOLINK = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>|<[\w.+-]+@[\w.-]+>")
_HALF_TAG = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9-]*)(\s[^<>]*|/)?|/|!-{0,2})?")
_HALF_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]*)")
_HALF_TARGET = re.compile(
    r"\(\s*(?:<[^<>\n]*>?|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*(?:\([^\s()]*)?)"
    r"(?:\s+(?:\"[^\"]*\"?|'[^']*'?|\([^)]*\)?)?\s*)?"
)
_HALF_LABEL = re.compile(r"\[[^\[\]\n]*")
_LOOKS_LIKE_TEX = re.compile(r"[\\^_{}=+<>]")
_LONGEST_FORMULA = 500
_LONGEST_LABEL = 300


def inline(text: str) -> str:
    """A text with what is unfinished at its end finished, or left out until it is clear what it becomes."""
    text, mask = _with_finished_spans(text.rstrip(" \t\n"))
    return _with_finished_emphasis(text, mask)


def html(text: str) -> str:
    """A block of HTML without the tag that is being written."""
    start = text.rfind("<")
    return text[:start] if start >= 0 and re.fullmatch(r"</?(?:[a-zA-Z][^<>]*)?", text[start:]) else text


# Spans: code, formulas, tags, links. Each reader returns where its construct ends, or a repaired end of the text.


class _Unfinished(Exception):
    """Raised with the text up to the unfinished construct, and what to show of it."""

    def __init__(self, until: int, shown: str = "", *, opens_at: int | None = None) -> None:
        self.until = until
        self.shown = shown
        self.opens_at = opens_at


def _with_finished_spans(text: str) -> tuple[str, str]:
    """The text, and a mask of equal length in which everything that takes no emphasis is opaque."""
    mask: list[str] = []
    brackets: list[tuple[int, int]] = []
    end = at = 0
    try:
        while match := _MARKS.search(text, at):
            mask.append(text[end : match.start()])
            end = at = _span_end(text, match, brackets)
            mask.append(_OPAQUE * (at - match.start()))
    except _Unfinished as unfinished:
        until = unfinished.until
        whole = ("".join(mask) + text[sum(map(len, mask)) : until])[:until]
        shown, masked = text[:until], whole
        if unfinished.opens_at is not None:  # a label without its bracket keeps its emphasis
            at = unfinished.opens_at
            shown, masked = shown[:at] + shown[at + 1 :], masked[:at] + masked[at + 1 :]
        brackets = [bracket for bracket in brackets if bracket[0] < until and bracket[0] != unfinished.opens_at]
        return _without_brackets(shown + unfinished.shown, masked + _OPAQUE * len(unfinished.shown), brackets)
    mask.append(text[end:])
    return _without_brackets(text, "".join(mask), brackets)


def _without_brackets(text: str, mask: str, brackets: list[tuple[int, int]]) -> tuple[str, str]:
    """Without the brackets that are not closed yet; an image is left out with its label."""
    for start, end in reversed(brackets):
        if len(text) - end > _LONGEST_LABEL:
            continue
        if end - start == 2:
            text, mask = text[:start], mask[:start]
        else:
            text, mask = text[:start] + text[end:], mask[:start] + mask[end:]
    if text.endswith("!") and (len(text) == 1 or text[-2].isspace()):
        return text[:-1], mask[:-1]  # half of `![`
    return text, mask


def _span_end(text: str, match: re.Match[str], brackets: list[tuple[int, int]]) -> int:
    mark = match[0]
    if mark == "\\":
        raise _Unfinished(match.start())
    if mark in ("\\(", "\\["):
        return _formula_end(text, match, "\\)" if mark == "\\(" else "\\]")
    if mark[0] == "\\":
        return match.end()
    if mark[0] == "`":
        return _code_end(text, match)
    if mark[0] == "$":
        return _dollars_end(text, match)
    if mark == "<":
        return _tag_end(text, match)
    if mark == "]":
        return _link_end(text, match, brackets)
    return _bracket_end(text, match, brackets)


def _code_end(text: str, match: re.Match[str]) -> int:
    closing = re.compile(rf"(?<!`){match[0]}(?!`)").search(text, match.end())
    if closing:
        return closing.end()
    content = text[match.end() :].rstrip("`")
    raise _Unfinished(match.start(), f"{match[0]}{content}{match[0]}" if content.strip() else "")


def _formula_end(text: str, match: re.Match[str], closing: str) -> int:
    found = formulas.read(text, match.start())
    if found:
        return found.end
    content = text[match.end() :]
    if len(content) > _LONGEST_FORMULA or closing in content:
        return match.end()
    content = content.rstrip("\\").rstrip()
    raise _Unfinished(match.start(), f"{match[0]}{content}{closing}" if content else "")


def _dollars_end(text: str, match: re.Match[str]) -> int:
    at, mark = match.start(), match[0]
    found = formulas.read(text, at)
    if found:
        return found.end
    content = text[match.end() :]
    if len(mark) > 2 or len(content) > _LONGEST_FORMULA or (at and text[at - 1].isalnum()):
        return match.end()
    if not content.strip("$ "):
        raise _Unfinished(at)
    if mark == "$$":
        content = content.rstrip("$").rstrip()
    elif "$" in content or "\n" in content or content[0].isspace() or not _is_formula(content):
        return match.end()
    if content.endswith("\\") and not content.endswith("\\\\"):
        content = content[:-1]
    raise _Unfinished(at, f"{mark}{content.rstrip()}{mark}" if content.strip() else "")


def _is_formula(content: str) -> bool:
    """Whether what follows a `$` is rather TeX than a price or a variable of a shell."""
    return bool(_LOOKS_LIKE_TEX.search(content)) or (not content[0].isdigit() and " " not in content)


def _tag_end(text: str, match: re.Match[str]) -> int:
    at = match.start()
    whole = TAG.match(text, at) or _AUTOLINK.match(text, at)
    if whole:
        return whole.end()
    half = _HALF_TAG.fullmatch(text, at)
    if half and _may_be_tag(half[2] or "", is_whole=bool(half[3])):
        raise _Unfinished(at)
    if _HALF_AUTOLINK.fullmatch(text, at):
        raise _Unfinished(at)
    return match.end()


def _may_be_tag(name: str, *, is_whole: bool) -> bool:
    name = name.lower()
    return name in ELEMENTS if is_whole else any(listed.startswith(name) for listed in (*ELEMENTS, "https", "mailto"))


def _bracket_end(text: str, match: re.Match[str], brackets: list[tuple[int, int]]) -> int:
    footnote = _FOOTNOTE.match(text, match.end() - 1)
    if footnote and footnote[1]:
        return footnote.end()
    if footnote and footnote.end() == len(text):
        raise _Unfinished(match.end() - 1)
    brackets.append((match.start(), match.end()))
    return match.end()


def _link_end(text: str, match: re.Match[str], brackets: list[tuple[int, int]]) -> int:
    if not brackets:
        return match.end()
    start, end = brackets.pop()
    is_half = match.end() == len(text) and text[max(start - 1, 0)] != "]"  # `[text][label]` waits for its definition
    if text.startswith("(", match.end()):
        after = link_end(text, match.end() + 1)
        if after is not None:
            return after
        is_half = bool(_HALF_TARGET.fullmatch(text, match.end()))
    elif text.startswith("[", match.end()):
        is_half = bool(_HALF_LABEL.fullmatch(text, match.end()))
    if not is_half:
        return match.end()
    if end - start == 2:
        raise _Unfinished(start)
    raise _Unfinished(match.start(), opens_at=start)


def _with_finished_emphasis(text: str, mask: str) -> str:
    stripped = mask.rstrip("*_~ \t\n")
    text, mask = text[: len(stripped)], stripped
    closings = []
    for at, run in emphasis.unclosed(mask):
        between_letters = at > 0 and mask[at - 1].isalnum() and mask[at + len(run) : at + len(run) + 1].isalnum()
        if run == "~" or (between_letters and run == "*"):  # «~5 minutes», «2*3»
            continue
        closings.append(run)
    return text + "".join(reversed(closings))


# Lines: held back while they may become a mark


_PREFIX = r"(?:[ \t]|>|[-+*](?=[ \t])|[0-9]{1,9}[.)](?=[ \t]))*"
_HELD = re.compile(
    rf"{_PREFIX}(?:[-+*=_][-+*=_ \t]*|[0-9]{{1,9}}[.)]?|#{{1,6}}[ \t]*|`{{1,2}}|~{{1,2}}|\$|\\|\||:|<[/!]?"
    r"|\[(?:[ xX]\]?[ \t]*)?)?"
)
_HELD_AT_START = re.compile(_PREFIX + r"\[(?:[^\[\]]{0,200}\]?|[^\[\]\^][^\[\]]{0,200}\]:.*)")
_HALF_DASHES = re.compile(r"[ \t>]*[|:-][|:\- \t]*")
_LONGEST_ROW = 400


def is_held(line: str, tip: Block) -> bool:
    """Whether the last line, not ended yet, is kept back: it may be a mark, and would be shown as text."""
    if tip.kind == "fence":
        mark = line.strip(" \t>")
        return bool(mark) and not mark.strip(tip.fence[0]) and len(mark) < len(tip.fence)
    if tip.kind in ("code", "html", "math"):
        return not line.strip(" \t>")  # not blank yet: a blank line would end it
    if _HELD.fullmatch(line):
        return True
    if tip.kind == "table":
        return False
    if tip.kind == "paragraph":
        return _is_held_after(line, tip)
    return bool(_HELD_AT_START.fullmatch(line)) or (line.lstrip(" \t>").startswith("|") and len(line) < _LONGEST_ROW)


def _is_held_after(line: str, paragraph: Block) -> bool:
    above = paragraph.lines[-1] if paragraph.lines else ""
    if "|" in above and _HALF_DASHES.fullmatch(line):
        aligns = tables.aligns(line.strip(" \t>"))
        return aligns is None or not tables.is_header(above, len(aligns))
    is_title = line.lstrip()[:1] in ('"', "'", "(")
    return is_title and paragraph.lines[0].startswith("[") and not take(paragraph.text, Definitions())


def is_header_row(text: str) -> bool:
    """Whether a paragraph of one line is most likely the header of a table."""
    return "\n" not in text and text.startswith("|") and text.rstrip().endswith("|") and len(tables.cells(text)) > 1
