"""mistune, behind the little that we use of it: the inline text of one block to tokens, and the parts of a link.

Its emphasis is replaced by ours (`emphasis.py`: linear, and strikethrough is part of it), and rules are added for
mathematics, bare addresses and footnotes. Tokens are mistune's: {"type", "raw" or "children", "attrs"}.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

import mistune
from mistune.helpers import PUNCTUATION, parse_link, parse_link_href, parse_link_title
from mistune.helpers import unescape_char as without_backslashes
from mistune.util import escape_url
from mistune.util import unescape as unescape

from . import autolinks, bounds, emphasis, formulas

Token: TypeAlias = dict[str, Any]

_FOOTNOTE = r"\[\^[^\[\]\s]{1,500}\]|!\[\^[^\[\]\s]{1,500}\](?!\()"  # «Really![^1]» is no image
_BARE_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)


class _InlineParser(mistune.InlineParser):
    def finalize_tokens(self, tokens: list[Token], depth: int) -> list[Token]:
        return emphasis.resolve(tokens, self.max_nested_level - depth)


def _inline_parser(*, with_addresses: bool) -> _InlineParser:
    parser = _InlineParser(max_nested_level=bounds.MAX_INLINE_DEPTH)
    parser.specification["escape"] = r"\\" + PUNCTUATION  # one at a time: the next may begin a formula
    parser.register("formula", formulas.START, _formula, before="escape", start_chars=("$", "\\"))
    parser.register("footnote", _FOOTNOTE, _footnote, before="link", start_chars=("[", "!"))
    if with_addresses:  # their first letters are common, and would slow every text down
        parser.register("address", autolinks.START, _address, start_chars=tuple("hHfFwW"))
    return parser


__all__ = ["Token", "inline", "link_end", "read_address", "read_title", "unescape", "without_backslashes"]


def inline(text: str, definitions: Mapping[str, Any]) -> list[Token]:
    """The tokens of the text of one block."""
    parser = _WITH_ADDRESSES if _BARE_ADDRESS.search(text) else _PLAIN
    return parser(text, {"ref_links": definitions})


def read_address(text: str, at: int) -> tuple[str | None, int]:
    """The address of a link definition, and where it ends."""
    href, end = parse_link_href(text, at, block=True)
    if href is None or end is None or (not href and text[end - 1 : end] != ">"):
        return None, at
    return escape_url(without_backslashes(href)), end


def read_title(text: str, at: int) -> tuple[str | None, int]:
    """The title of a link definition, and where it ends."""
    title, end = parse_link_title(text, at, len(text))
    return (None, at) if title is None or end is None else (title, end)


def link_end(text: str, at: int) -> int | None:
    """Where the address and title of a link end that begin behind its `(`; None if they are none."""
    _, end = parse_link(text, at)
    return end


def _formula(inline: Any, match: re.Match[str], state: Any) -> int | None:
    found = formulas.read(state.src, match.start())
    if found is None and match[0][0] == "\\":  # then it is an escaped bracket
        inline.process_text(match[0][1], state, parse_emphasis=False)
        return match.end()
    if found is None:
        inline.process_text(match[0], state)
        return match.end()
    state.append_token({"type": "formula", "raw": found.tex, "attrs": {"display": found.is_display}})
    return found.end


def _footnote(inline: Any, match: re.Match[str], state: Any) -> int | None:
    if match[0][0] == "!":
        inline.process_text("!", state)
    state.append_token({"type": "footnote", "raw": match[0].removeprefix("!")})
    return match.end()


def _address(inline: Any, match: re.Match[str], state: Any) -> int | None:
    found = autolinks.read(state.src, match.start(), in_brackets=bool(state.brackets))
    if found is None or state.in_link:
        return None
    text, url = found
    end = match.start() + len(text)
    token = {"type": "link", "children": [{"type": "text", "raw": text}], "attrs": {"url": escape_url(url)}}
    state.append_token({**token, "_autolink": text, "is_bare": True, "is_last": end == len(state.src)})
    return end


_PLAIN = _inline_parser(with_addresses=False)
_WITH_ADDRESSES = _inline_parser(with_addresses=True)
