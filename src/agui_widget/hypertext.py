"""HTML that agents send, before anything of it is shown: as a text in which it stays HTML, as words, as lanes. Pure.

Nothing here decides what may be shown: a text goes through the markdown reader, which keeps what is on its list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .envelope import LANES
from .foreign import Token, text_of, tokens

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

_STARTS_WITH_TAG = re.compile(r"\s*<(?:!--|[a-zA-Z])")


def html_source(html: str) -> str:
    """HTML as a text in which it stays HTML: markdown takes a blank line for its end, and indented lines for code."""
    if not _STARTS_WITH_TAG.match(html) or "<pre" in html.lower():
        return html
    return "\n".join(line.strip() for line in html.split("\n") if line.strip())


def words_of(html: str) -> str:
    """What HTML says; text that is none stays as it is."""
    return text_of(html) if "<" in html or "&" in html else html


def links_of(html: str) -> list[dict[str, str]]:
    """The links in HTML, as sources: `url` and `title`. What they may lead to is not decided here."""
    links: list[dict[str, str]] = []
    is_open = False
    for token in tokens(html):
        if token.kind == "start" and token.text == "a" and (url := dict(token.attributes).get("href")):
            links.append({"url": url, "title": ""})
            is_open = True
        elif token.kind == "end" and token.text == "a":
            is_open = False
        elif token.kind == "text" and is_open:
            links[-1]["title"] += token.text
    return [{**link, "title": " ".join(link["title"].split())} for link in links]


class Bundle(NamedTuple):
    """What a bundle has for each lane, and how many fragments are for none."""

    lanes: dict[str, str]
    dropped: int


def read_bundle(html: str) -> Bundle:
    """The fragments `<div id="lane-NAME" hx-swap-oob="innerHTML">…</div>` of a bundle, by lane; the last one counts.

    Everything that stands beside them, or is aimed at something else, is dropped and counted.
    """
    lanes: dict[str, str] = {}
    dropped = 0
    for lane, content in _outermost(html):
        if lane is None:
            dropped += 1
        else:
            lanes[lane] = content
    return Bundle(lanes, dropped)


def _outermost(html: str) -> Iterator[tuple[str | None, str]]:
    """The lane of each outermost piece, None for one that is aimed at none, and what is in it, as it is written."""
    opened: Token | None = None
    depth = 0  # of elements of its name
    for token in tokens(html):
        is_tag = token.kind in ("start", "end")
        if opened is not None:
            depth += {"start": 1, "end": -1}[token.kind] if is_tag and token.text == opened.text else 0
            if not depth:
                yield _lane_of(dict(opened.attributes)), html[opened.end : token.start]
                opened = None
        elif token.kind == "start" and token.text not in VOID:
            opened, depth = token, 1
        elif token.kind == "start" or (not is_tag and token.text.strip()):
            yield None, ""
    if opened is not None:
        yield _lane_of(dict(opened.attributes)), html[opened.end :]


def _lane_of(attributes: dict[str, str | None]) -> str | None:
    """The lane that a fragment is aimed at."""
    name = (attributes.get("id") or "").partition("lane-")
    is_aimed = not name[0] and name[2] in LANES and "hx-swap-oob" in {key.removeprefix("data-") for key in attributes}
    return name[2] if is_aimed else None
