"""HTML that agents send, before anything of it is shown: as a text in which it stays HTML, as words, as lanes. Pure.

Nothing here decides what may be shown: a text goes through the markdown reader, which keeps what is on its list.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .envelope import LANES
from .foreign import HtmlReader, text_of

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
    reader = _Links()
    reader.feed(html)
    reader.close()
    return [{"url": url, "title": " ".join(title.split())} for url, title in reader.found]


class Bundle(NamedTuple):
    """What a bundle has for each lane, and how many fragments are for none."""

    lanes: dict[str, str]
    dropped: int


def read_bundle(html: str) -> Bundle:
    """The fragments `<div id="lane-NAME" hx-swap-oob="innerHTML">…</div>` of a bundle, by lane; the last one counts.

    Everything that stands beside them, or is aimed at something else, is dropped and counted.
    """
    reader = _Fragments()
    reader.feed(html)
    reader.close()
    reader.end()
    return Bundle(reader.lanes, reader.dropped)


class _Links(HtmlReader):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        url = dict(attrs).get("href") if tag == "a" else None
        if url:
            self.found.append((url, ""))
            self._is_open = True

    def handle_endtag(self, tag: str) -> None:
        self._is_open = self._is_open and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._is_open:
            url, title = self.found[-1]
            self.found[-1] = url, title + data


class _Fragments(HtmlReader):
    """Cuts a bundle into its outermost elements; what is in them is taken as it is written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.lanes: dict[str, str] = {}
        self.dropped = 0
        self._tag = ""  # of the outermost element that is open
        self._lane: str | None = None
        self._depth = 0  # of elements of that name
        self._content: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth:
            self._depth += tag == self._tag
            self._take(self.get_starttag_text() or "")
        elif tag in VOID:
            self.dropped += 1
        else:
            self._tag, self._depth, self._lane, self._content = tag, 1, _lane_of(dict(attrs)), []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth:
            self._take(self.get_starttag_text() or "")
        else:
            self.dropped += 1

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == self._tag and self._depth > 0
        if self._depth:
            self._take(f"</{tag}>")
        elif tag == self._tag:
            self.end()

    def handle_data(self, data: str) -> None:
        self._take(data)

    def handle_entityref(self, name: str) -> None:
        self._take(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._take(f"&#{name};")

    def end(self) -> None:
        """The outermost element is over, or the bundle is."""
        if self._tag and self._lane:
            self.lanes[self._lane] = "".join(self._content)
        elif self._tag:
            self.dropped += 1
        self._tag, self._lane, self._depth, self._content = "", None, 0, []

    def _take(self, text: str) -> None:
        if self._tag:
            self._content.append(text)
        elif text.strip():
            self.dropped += 1


def _lane_of(attributes: dict[str, str | None]) -> str | None:
    """The lane that a fragment is aimed at."""
    name = (attributes.get("id") or "").partition("lane-")
    is_aimed = not name[0] and name[2] in LANES and "hx-swap-oob" in {key.removeprefix("data-") for key in attributes}
    return name[2] if is_aimed else None
