"""The sources that an answer cites: who gives them, which number each has, and where in the text it stands.

    metadata.citations of a message ─┐
    CUSTOM `citation` ───────────────┼─▶ the answer's sources, numbered ─▶ citations.update, `cite` nodes in its texts
    documents in tool results ───────┘

An answer is a message shell. A number that was given stays, whatever comes later: the list only grows, or loses rows.
Offsets are UTF-16 units in the source of the message's text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .markdown import urls
from .numeric import is_int, is_number
from .shells import Owner, Shell, Shells

CITATION = "citation"  # the name of a CUSTOM event; value: one citation or a list of them

MAX_SOURCES = 300  # of one answer
MAX_CITATIONS = 1_000  # of one message
MAX_TITLE = 300
MAX_SNIPPET = 600
MAX_KIND = 40
MAX_CHUNK = 300
MAX_CROP = 100_000  # of a picture that is its own content: the list is sent whole each time

_NUMBERS = ("page", "start", "end", "documentIndex", "searchResultIndex")  # of a location
_TOOLS = "tools"  # who gave a source that no message has cited

Json = Any
Anchors = list[tuple[int, int]]  # offset, number
Identity = tuple[str, str]


@dataclass(frozen=True)
class Citation:
    """One mention of a source. `offset` is where it is cited, `place` where it wants to stand in the list."""

    identity: Identity
    source: dict[str, Any]
    offset: int | None = None
    place: int | None = None


class Answer:
    """The sources of one answer: the same source has one number, and keeps it."""

    def __init__(self) -> None:
        self._given: dict[str, list[Citation]] = {}
        self._numbers: dict[Identity, int] = {}
        self._sources: dict[Identity, dict[str, Any]] = {}

    def give(self, giver: str, citations: list[Citation]) -> bool:
        """These are all that `giver` cites; False if that is no news."""
        if citations == self._given.get(giver, []):
            return False
        self._given[giver] = citations
        for citation in citations:
            self._number(citation)
        return True

    def given(self, giver: str) -> list[Citation]:
        """What somebody cites."""
        return self._given.get(giver, [])

    @property
    def sources(self) -> list[dict[str, Any]]:
        """What somebody cites now, in the order of the numbers."""
        cited = {citation.identity for each in self._given.values() for citation in each}
        shown = [(self._numbers[identity], identity) for identity in cited if identity in self._numbers]
        return [{"index": number, **self._sources[identity]} for number, identity in sorted(shown, key=lambda s: s[0])]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the sources."""
        return [source["index"] for source in self.sources]

    def anchors(self, message_id: str) -> Anchors:
        """Where a message cites what."""
        return [
            (citation.offset, self._numbers[citation.identity])
            for citation in [*self.given(message_id), *self.given(_custom(message_id))]
            if citation.offset is not None and citation.identity in self._numbers
        ]

    def _number(self, citation: Citation) -> None:
        """A source gets its number once; what is said of it later fills what was missing."""
        identity = citation.identity
        if identity in self._numbers:
            self._sources[identity] = citation.source | self._sources[identity]
        elif len(self._numbers) < MAX_SOURCES:
            taken = self._numbers.values()
            wanted = citation.place + 1 if citation.place is not None else 0
            is_free = 0 < wanted <= MAX_SOURCES and wanted not in taken
            self._numbers[identity] = wanted if is_free else max(taken, default=0) + 1
            self._sources[identity] = citation.source


@dataclass
class _Run:
    """What waits in a run for the words it belongs to."""

    heard: dict[str, list[Json]] = field(default_factory=dict)  # by message: sent again with each word, read once
    unsaid: dict[str, dict[str, list[Citation]]] = field(default_factory=dict)  # message without words → by giver
    found: dict[Owner, list[tuple[Shell | None, list[Citation]]]] = field(default_factory=dict)
    speaking: dict[Owner, tuple[Shell, str]] = field(default_factory=dict)  # the last text of each


class Citations:
    """The answers of a conversation.

    `shell_of` gives where a message stands; `mark` is called when the texts of a shell are to ask anew what they
    cite (`of`).
    """

    def __init__(self, shells: Shells, shell_of: Callable[[str], str | None], mark: Callable[[str], None]) -> None:
        self._shells = shells
        self._shell_of = shell_of
        self._mark = mark
        self._answers: dict[str, Answer] = {}
        self._run = _Run()

    def begin(self) -> None:
        """A new run."""
        self._run = _Run()

    # -- who gives ----------------------------------------------------------------------------------

    def cited(self, message_id: str, metadata: Json) -> None:
        """A message's `metadata.citations`: all of them, each time."""
        given = metadata.get("citations") if isinstance(metadata, dict) else None
        if isinstance(given, list) and given != self._run.heard.get(message_id):
            self._run.heard[message_id] = [*given]  # the agent may go on with its own list
            self._give(message_id, message_id, read_all(given))

    def custom(self, value: Json, owner: Owner) -> None:
        """A CUSTOM event: one citation or several more, of `messageId` or of what is being said."""
        for each in value if isinstance(value, list) else [value]:
            message_id = each.get("messageId") if isinstance(each, dict) else None
            if not isinstance(message_id, str):
                message_id = self._message_now(owner)
            citations = read_all([each])
            if message_id is None:
                self._run.found.setdefault(owner, []).append((None, citations))
                continue
            self._give_more(message_id, citations)

    def found(self, shell: Shell, content: Json) -> None:
        """A tool's result: the documents in it are sources of the answer that follows."""
        citations = read_all(document(part) for part in content) if isinstance(content, list) else []
        if citations:
            self._run.found.setdefault(shell.owner, []).append((shell, citations))

    # -- where it goes -------------------------------------------------------------------------------

    def said(self, message_id: str, shell: Shell) -> None:
        """A message has its first words: what waited for them is shown with them."""
        self._run.speaking[shell.owner] = shell, message_id
        for giver, citations in self._run.unsaid.pop(message_id, {}).items():
            self._give(message_id, giver, citations)
        for finder, citations in self._run.found.pop(shell.owner, []):
            if finder:
                self._add(shell.id, citations)
            else:
                self._give_more(message_id, citations)

    def end_run(self) -> None:
        """What tools found and nobody spoke of stands below the calls."""
        found, self._run.found = self._run.found, {}
        for each in found.values():
            for shell, citations in each:
                self._add((shell or self._shells.status_shell()).id, citations)

    def of(self, message_id: str) -> tuple[Anchors, list[int]]:
        """Where a message cites what, and the numbers of its answer's sources."""
        answer = self._answers.get(self._shell_of(message_id) or "")
        return (answer.anchors(message_id), answer.numbers) if answer else ([], [])

    def rename(self, before: str, after: str) -> None:
        """A message got another id."""
        for answer in self._answers.values():
            for old, new in ((before, after), (_custom(before), _custom(after))):
                if given := answer.given(old):
                    answer.give(new, given)
                    answer.give(old, [])

    def drop(self, message_id: str, shell_id: str) -> None:
        """A message is gone."""
        self._run.heard.pop(message_id, None)
        answer = self._answers.get(shell_id)
        if answer and any([answer.give(message_id, []), answer.give(_custom(message_id), [])]):
            self._show(shell_id, answer)

    def forget(self, shell_ids: Iterable[str]) -> None:
        """Messages were taken off the screen."""
        for shell_id in shell_ids:
            self._answers.pop(shell_id, None)

    def _message_now(self, owner: Owner) -> str | None:
        """What is being said, or was said last and may go on."""
        shell, message_id = self._run.speaking.get(owner, (None, None))
        return message_id if shell and self._shells.current.get(owner) is shell and shell.takes("text") else None

    def _give(self, message_id: str, giver: str, citations: list[Citation]) -> None:
        shell_id = self._shell_of(message_id)
        if shell_id is None:
            self._run.unsaid.setdefault(message_id, {})[giver] = citations
        elif citations or shell_id in self._answers:
            answer = self._answers.setdefault(shell_id, Answer())
            if answer.give(giver, citations):
                self._show(shell_id, answer)

    def _give_more(self, message_id: str, citations: list[Citation]) -> None:
        giver = _custom(message_id)
        answer = self._answers.get(self._shell_of(message_id) or "")
        before = answer.given(giver) if answer else self._run.unsaid.get(message_id, {}).get(giver, [])
        self._give(message_id, giver, [*before, *citations][:MAX_CITATIONS])

    def _add(self, shell_id: str, citations: list[Citation]) -> None:
        answer = self._answers.setdefault(shell_id, Answer())
        if answer.give(_TOOLS, [*answer.given(_TOOLS), *citations][:MAX_CITATIONS]):
            self._show(shell_id, answer)

    def _show(self, shell_id: str, answer: Answer) -> None:
        sources = answer.sources
        self._shells.put("citations.update", "citations", {"citations": sources}, shell_id)
        self._mark(shell_id)


def _custom(message_id: str) -> str:
    return f"custom:{message_id}"


# -- one citation as others write it -------------------------------------------------------------------


def read_all(given: Iterable[Json]) -> list[Citation]:
    """The citations that name a source."""
    found = (read(each) for each in given)
    return [citation for citation in found if citation is not None][:MAX_CITATIONS]


def read(given: Json) -> Citation | None:
    """One citation: ours, Strands' (`source`, `sourceContent`, `location`), or any with these names."""
    if not isinstance(given, dict):
        return None
    location = _location(given.get("location"))
    named = [given.get("url"), _dict(given.get("location")).get("url"), given.get("source"), given.get("uri")]
    address = next((found for each in named if isinstance(each, str) and (found := urls.link(each))), None)
    title = next((text for each in (given.get("title"), *named) if (text := _text(each, MAX_TITLE))), "")
    source: dict[str, Any] = {"title": title} if title and not (address and title == address.href) else {}
    if address:
        source |= address._asdict() | {"url": address.href}
        del source["href"]
    if snippet := _snippet(given):
        source["snippet"] = snippet
    if location:
        source["location"] = location
    if classification := _text(given.get("classification"), MAX_KIND):
        source["classification"] = classification
    if crop := _crop(given.get("crop")):
        source["crop"] = crop
    if not (title or address or snippet):
        return None
    identity = ("url", address.href) if address else (title or snippet, json.dumps(location, sort_keys=True))
    offset = next((given[name] for name in ("textOffset", "offset") if _is_count(given.get(name))), None)
    return Citation(identity, source, offset, given["index"] if _is_count(given.get("index")) else None)


def document(part: Json) -> Json:
    """A content part of a tool's result as a citation: a document, or a text that says where it is from."""
    if not isinstance(part, dict):
        return None
    metadata, source = _dict(part.get("metadata")), _dict(part.get("source"))
    address = source.get("value") if source.get("type") == "url" else None
    names = {
        "title": metadata.get("title") or metadata.get("filename") or metadata.get("name"),
        "url": address or metadata.get("url") or metadata.get("source"),
        "snippet": metadata.get("snippet") or metadata.get("description") or part.get("text"),
        "location": metadata.get("location") or {"page": metadata.get("page")},
    }
    is_source = part.get("type") == "document" or (part.get("type") == "text" and (names["title"] or names["url"]))
    return names if is_source else None


def _dict(value: Json) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Json, most: int) -> str:
    """A text in one line, cut at so many characters."""
    line = " ".join(value[: 4 * most].split()) if isinstance(value, str) else ""
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _snippet(given: dict[str, Any]) -> str:
    content = given.get("sourceContent")
    texts = [_dict(each).get("text") for each in content] if isinstance(content, list) else []
    quoted = " … ".join(text for text in texts if isinstance(text, str) and text)
    return _text(given.get("snippet") or quoted, MAX_SNIPPET)


def _location(given: Json) -> dict[str, Any]:
    """Where in the source; what later kinds of places have is added to the table."""
    if not isinstance(given, dict):
        return {}
    numbers = {name: given[name] for name in _NUMBERS if _is_count(given.get(name))}
    words = {"type": _text(given.get("type"), MAX_KIND), "chunk": _text(given.get("chunk"), MAX_CHUNK)}
    box = _box(given.get("bbox"))
    return {**{name: each for name, each in words.items() if each}, **numbers, **({"bbox": box} if box else {})}


def _box(given: Json) -> dict[str, float]:
    """A part of a page."""
    box: dict[str, Any] = {name: _dict(given).get(name) for name in "xywh"}
    return box if all(map(_is_figure, box.values())) else {}


def _crop(given: Json) -> dict[str, str]:
    """That part as a picture, with what it shows."""
    src = _dict(given).get("src")
    source = urls.image(src) if isinstance(src, str) and len(src) <= MAX_CROP else None
    if source is None:
        return {}
    texts = {name: text for name in ("alt_en", "alt_pt") if (text := _text(given.get(name), MAX_TITLE))}
    return {"src": source, **texts}


def _is_figure(value: Json) -> bool:
    return is_number(value) and math.isfinite(value)


def _is_count(value: Json) -> bool:
    return is_int(value) and 0 <= value < 1 << 53
