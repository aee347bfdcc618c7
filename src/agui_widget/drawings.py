"""What a page drew of a block of code or an output: checked, kept beside its source, and found again.

    page ─ drawn ─► checked ─► kept (beside which source?) ─► a part of kind `drawing` ─► Drawings ─► transcripts

A page may be hostile: what it hands back becomes shapes of the list in docs/nodes.md, or an embedded picture. Pure.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import inf
from typing import Any

from . import markdown
from .envelope import Draft, draft, size_of
from .errors import IntentError
from .markdown import shapes, urls
from .markdown.nodes import SHAPES, Element, Node, element
from .numeric import is_int

Json = dict[str, Any]

NODES = "application/vnd.agui_widget.nodes+json"  # of an output that is formatted text

MAX_NODES = 20_000
MAX_DEPTH = 100
MAX_SIZE = 10_000  # of a picture, in pixels
MAX_WORDS = 2_000  # of one text in a drawing, and of what a picture says to who cannot see it
MAX_DRAWINGS = 200  # of one conversation
MAX_KEPT_CHARS = 10_000_000  # of all of them

# What is drawn for dark paper cannot be read on white, nor the other way.
GROUNDS = {"light": "#fff", "dark": "#1e1e1e"}

# Which part of the front end draws what; `js/src/rich.ts` has the same table.
DRAWERS = (
    (re.compile(r"math(-display)?"), "math"),
    (re.compile(r"mermaid"), "mermaid"),
    (re.compile(r"vega-?lite|application/vnd\.vegalite\.v\d+\+json"), "charts"),
    (re.compile(r"flow|application/vnd\.agui_widget\.flow\+json"), "flow"),
    (re.compile(r"application/vnd\.agui_widget\.telemetry\+json"), "telemetry"),
)

# What XML has no place for.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


# -- what a page hands back --------------------------------------------------------------------------


def key_of(kind: str, text: str) -> str:
    """What the drawing of a source is called among the parts."""
    source = f"{kind}\n{text}".encode("utf-8", "surrogatepass")
    return f"drawing:{sha256(source).hexdigest()[:16]}"


def checked(node: object) -> Element:
    """The drawing by the lists of docs/nodes.md; what is not on them is left out.

    Raises `IntentError` if it is no drawing, or past its bounds.
    """
    made = _Checker().checked(node, 0)
    if isinstance(made, str) or made is None or made["t"] not in ("svg", "img"):
        raise IntentError("a drawing was refused: it is neither an `svg` nor an embedded `img`")
    return made


class _Checker:
    def __init__(self) -> None:
        self._left = MAX_NODES

    def checked(self, node: object, depth: int) -> Node | None:
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise IntentError(f"a drawing was refused: it has more than {MAX_NODES:,} nodes, or {MAX_DEPTH} levels")
        if isinstance(node, str):
            return _NOT_XML.sub("\ufffd", node[:MAX_WORDS])
        if not isinstance(node, dict) or not isinstance(node.get("t"), str):
            return None
        attributes = node.get("a") if isinstance(node.get("a"), dict) else {}
        if node["t"] == "img":
            return _image(attributes or {})
        return self._shape(node, attributes or {}, depth) if node["t"] in SHAPES else None

    def _shape(self, node: Json, attributes: Json, depth: int) -> Element:
        children = node.get("c") if isinstance(node.get("c"), list) else []
        made = (self.checked(child, depth + 1) for child in children or [])
        return element(node["t"], shapes.fit(attributes), (child for child in made if child is not None))


def _image(attributes: Json) -> Element | None:
    source = attributes.get("src")
    if not isinstance(source, str) or not source.startswith("data:") or urls.image(source) is None:
        return None
    words = {name: attributes[name][:MAX_WORDS] for name in ("alt", "title") if isinstance(attributes.get(name), str)}
    sizes = {name: attributes[name] for name in ("width", "height") if _is_size(attributes.get(name))}
    return element("img", {"src": source, **words, **sizes})


def _is_size(value: object) -> bool:
    return is_int(value) and 0 < value <= MAX_SIZE


# -- where it belongs --------------------------------------------------------------------------------


def kept(messages: Sequence[Json], kind: str, text: str, scheme: str, node: Element) -> list[Draft]:
    """The changes that keep a checked drawing with its source.

    None if it is kept, if its source is not there, or past the bounds of a conversation.
    """
    home, key = _home_of(messages, kind, text), key_of(kind, text)
    before = _drawings_in(messages)
    nodes = [node, *(part["value"]["node"] for _, part in before)]
    if home is None or any(part["key"] == key for _, part in before) or _are_too_many(nodes):
        return []
    of = {"of": home.part} if home.part else {}
    value = {"kind": kind, "scheme": scheme, "node": node, **of}
    put = draft("part.put", "text", {"key": key, "kind": "drawing", "value": value}, message_id=home.message_id)
    outgrown = [(at, part["key"]) for at, part in before if of and _is_of(part["value"], value)]
    return [*(draft("part.remove", "text", {"key": old}, message_id=at) for at, old in outgrown), put]


def _are_too_many(nodes: Sequence[Element]) -> bool:
    return len(nodes) > MAX_DRAWINGS or sum(map(size_of, nodes)) > MAX_KEPT_CHARS


def _is_of(value: Json, other: Json) -> bool:
    return (value.get("of"), value.get("kind")) == (other["of"], other["kind"])


@dataclass(frozen=True)
class _Home:
    """A source in a conversation: its message, and the key of the part if it is an output's."""

    message_id: str
    part: str = ""


def _home_of(messages: Sequence[Json], kind: str, text: str) -> _Home | None:
    """Where `text` was said as `kind`, behind a fence or as an output; the latest place, None if nowhere."""
    value = _value_of(text)
    for message in reversed(messages):
        for part in parts_of(message):
            fences = (source_of(node) for node in elements_of(part) if node["t"] == "fence")
            if (kind, text) in fences:
                return _Home(message["id"])
            if value is not None and output_of(part).get(kind) == value:
                return _Home(message["id"], part["key"])
    return None


def _value_of(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def parts_of(message: Json) -> Iterator[Json]:
    """Every part of a message."""
    for lane in message["lanes"].values():
        yield from lane["parts"]


def elements_of(part: Json) -> Iterator[Element]:
    """Every element of a formatted text, or of an output that is one; in no order."""
    tree = part["nodes"] if part["kind"] == "blocks" else output_of(part).get(NODES)
    rest: list[Any] = list(tree) if isinstance(tree, list) else []
    while rest:
        node = rest.pop()
        if isinstance(node, dict) and isinstance(node.get("t"), str):
            yield node
            rest.extend(node["c"] if isinstance(node.get("c"), list) else ())


def source_of(fence: Element) -> tuple[str, str]:
    """What a block of code is drawn as, and of what."""
    code = "".join(child for child in fence.get("c", ()) if isinstance(child, str))
    return str(fence.get("a", {}).get("lang", "")).lower(), code


def output_of(part: Json) -> Json:
    """The MIME bundle of an output, or of a tool's result."""
    value = part.get("value")
    shown = value.get("output") if part["kind"] == "tool" and isinstance(value, dict) else value
    data = shown.get("data") if part["kind"] in ("output", "tool") and isinstance(shown, dict) else None
    return data if isinstance(data, dict) else {}


def _drawings_in(messages: Iterable[Json]) -> list[tuple[str, Json]]:
    """Message id and part of each drawing that is kept."""
    return [(message["id"], part) for message in messages for part in parts_of(message) if part["kind"] == "drawing"]


def drawer_of(kind: str) -> str | None:
    """The part of the front end that draws `kind`."""
    return next((chunk for kinds, chunk in DRAWERS if kinds.fullmatch(kind)), None)


# -- to show it without us ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawing:
    """A kept drawing as a picture that loads nothing."""

    source: str  # a `data:` address
    text: str  # for who cannot see it
    scheme: str


class Drawings:
    """What was drawn in a conversation, to be found by its source; of more than `budget` characters the latest."""

    def __init__(self, messages: Iterable[Json], budget: float = inf) -> None:
        self._by_key: dict[str, Drawing] = {}
        self._by_part: dict[tuple[str, str], Drawing] = {}
        for _, part in reversed(_drawings_in(messages)):
            found = _drawing_of(part["value"])
            budget -= len(found.source) if found else 0
            if found and budget >= 0:
                self._add(part["key"], part["value"], found)

    def of_fence(self, kind: str, text: str) -> Drawing | None:
        """What was drawn of a block of code."""
        return self._by_key.get(key_of(kind, text)) if self._by_key else None

    def of_output(self, part: str, kinds: Iterable[str]) -> Drawing | None:
        """What was drawn of an output with one of these MIME types; `part` is its key."""
        return next((found for kind in kinds if (found := self._by_part.get((part, kind)))), None)

    def _add(self, key: str, value: Json, found: Drawing) -> None:
        self._by_key[key] = found
        if value.get("of"):
            self._by_part.setdefault((str(value["of"]), str(value.get("kind"))), found)


def _drawing_of(value: Json) -> Drawing | None:
    """A saved conversation may say anything: it is checked again."""
    try:
        return _drawing(checked(value.get("node")), "dark" if value.get("scheme") == "dark" else "light")
    except IntentError:
        return None


def illustrated(nodes: Sequence[Node], show: Callable[[Element], Element]) -> list[Node]:
    """The tree with what `show` gives in the place of each block of code; it is not changed itself."""
    return [node if isinstance(node, str) else _illustrated(node, show) for node in nodes]


def _illustrated(node: Element, show: Callable[[Element], Element]) -> Element:
    if node["t"] == "fence":
        return show(node)
    return {**node, "c": illustrated(node["c"], show)} if "c" in node else node


def figure(drawing: Drawing, source: Node) -> Element:
    """A drawing with its source folded behind it; only transcripts have such elements."""
    attributes = {"src": drawing.source, "alt": drawing.text, "scheme": drawing.scheme}
    return element("drawing", attributes, [source])


def _drawing(node: Element, scheme: str) -> Drawing:
    if node["t"] == "img":
        return Drawing(node["a"]["src"], node["a"].get("alt", ""), scheme)
    svg = markdown.to_html([_grounded(node, GROUNDS[scheme])])
    document = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return Drawing(f"data:image/svg+xml;base64,{b64encode(document.encode()).decode()}", _title(node), scheme)


def _grounded(svg: Element, colour: str) -> Element:
    """The drawing with its size said, and on paper of `colour`."""
    attributes = dict(svg.get("a", {}))
    box = _NUMBER.findall(attributes.get("viewBox", ""))
    if len(box) != 4:
        return svg
    x, y, width, height = box
    for name, size in (("width", width), ("height", height)):
        if not _NUMBER.fullmatch(attributes.get(name, "").removesuffix("px")):
            attributes[name] = size
    paper = element("rect", {"x": x, "y": y, "width": width, "height": height, "fill": colour})
    return element("svg", attributes, [paper, *svg.get("c", ())])


def _title(node: Element) -> str:
    found = next((child for child in node.get("c", ()) if isinstance(child, dict) and child["t"] == "title"), None)
    return markdown.to_text([found]).strip() if found else ""
