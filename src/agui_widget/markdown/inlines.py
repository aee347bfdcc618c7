"""The text of one block as nodes: the engine's tokens, each by its entry in a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from . import autolinks, bounds, urls
from .definitions import Definitions, normalized
from .engine import Token, inline, unescape
from .nodes import Node, element
from .tags import Builder

_EMBEDDED = re.compile(r"data:image/embedded,(\d{1,6})")


@dataclass
class Scope:
    """What the inline texts of one document share; `labels` is None while any footnote may still be defined."""

    definitions: Definitions
    labels: frozenset[str] | None
    numbers: dict[str, int] = field(default_factory=dict)
    coloured: int = 0  # characters of code so far
    remarks: list[str] = field(default_factory=list)
    cache: dict[str, list[Node]] = field(default_factory=dict)


def read(text: str, scope: Scope, *, is_open: bool = False) -> list[Node]:
    """The nodes of a text; `is_open` if it may still grow."""
    text = text.strip(" \t\n\r\f")
    if not text:
        return []
    if not is_open and (known := scope.cache.get(text)) is not None:
        return known
    embedded: list[str] = []
    short = bounds.DATA_IMAGE.sub(lambda match: _embed(match[0], embedded), text) if "data:image" in text else text
    if remark := bounds.inline_remark(short):
        scope.remarks.append(remark)
        return [text]
    reader = _Reader(scope, embedded, is_open)
    nodes = reader.nodes(inline(short, scope.definitions))
    if not is_open and not reader.has_footnotes:
        scope.cache[text] = nodes
    return nodes


def _embed(url: str, embedded: list[str]) -> str:
    """Takes an embedded image out of the text, so that its length counts for nothing there."""
    embedded.append(url)
    return f"data:image/embedded,{len(embedded) - 1}"


class _Reader:
    def __init__(self, scope: Scope, embedded: list[str], is_open: bool) -> None:
        self.scope = scope
        self.embedded = embedded
        self.is_open = is_open
        self.is_in_link = False
        self.has_footnotes = False

    def nodes(self, tokens: list[Token]) -> list[Node]:
        builder = Builder(is_inline=True)
        for token in tokens:
            if token["type"] == "inline_html":
                builder.tag(self.restored(token["raw"]))
            else:
                builder.add(*NODES[token["type"]](self, token))
        return builder.nodes()

    def restored(self, text: str) -> str:
        """The text with its embedded images."""
        if not self.embedded or "data:image/embedded," not in text:
            return text
        return _EMBEDDED.sub(self._original, text)

    def _original(self, match: re.Match[str]) -> str:
        number = int(match[1])
        return self.embedded[number] if number < len(self.embedded) else match[0]

    def text(self, token: Token) -> list[Node]:
        raw = token["raw"]
        text = self.restored(unescape(raw) if token.get("_emphasis", True) else raw)
        return self._with_mails(text) if "@" in text and not self.is_in_link else [text]

    def _with_mails(self, text: str) -> list[Node]:
        nodes: list[Node] = []
        end = 0
        for start, stop in autolinks.mails(text):
            address = urls.link(f"mailto:{text[start:stop]}")
            if address is None or (self.is_open and stop == len(text)):
                continue
            nodes += [text[end:start], element("a", address._asdict(), [text[start:stop]])]
            end = stop
        return [*nodes, text[end:]]

    def emphasis(self, token: Token) -> list[Node]:
        return [element(_EMPHASIS[token["type"]], None, self.nodes(token["children"]))]

    def code(self, token: Token) -> list[Node]:
        return [element("code", None, [self.restored(token["raw"])])]

    def formula(self, token: Token) -> list[Node]:
        attributes = {"display": True} if token["attrs"]["display"] else None
        return [element("math", attributes, [self.restored(token["raw"])])]

    def link(self, token: Token) -> list[Node]:
        outer, self.is_in_link = self.is_in_link, True
        children = self.nodes(token["children"])
        self.is_in_link = outer
        address = urls.link(token["attrs"]["url"])
        if address is None or outer or (self.is_open and token.get("is_last")):
            return children
        attributes = {"href": address.href, "host": address.host}
        if title := token["attrs"].get("title"):
            attributes["title"] = unescape(title)
        return [element("a", attributes, children)]

    def image(self, token: Token) -> list[Node]:
        alt = plain(self.nodes(token["children"]))
        source = urls.image(self.restored(token["attrs"]["url"]))
        if source is None:
            return [alt]
        attributes = {"src": source, "alt": alt}
        if title := token["attrs"].get("title"):
            attributes["title"] = unescape(title)
        return [element("img", attributes)]

    def footnote(self, token: Token) -> list[Node]:
        label = normalized(token["raw"][2:-1])
        self.has_footnotes = True
        if self.scope.labels is not None and label not in self.scope.labels:
            return [token["raw"]]
        number = self.scope.numbers.setdefault(label, len(self.scope.numbers) + 1)
        return [element("fnref", {"n": number, "to": number})]

    def line_break(self, token: Token) -> list[Node]:
        return [element("br")]

    def soft_break(self, token: Token) -> list[Node]:
        return ["\n"]


_EMPHASIS = {"emphasis": "em", "strong": "strong", "strikethrough": "del"}
NODES: dict[str, Callable[[_Reader, Token], list[Node]]] = {
    "text": _Reader.text,
    "emphasis": _Reader.emphasis,
    "strong": _Reader.emphasis,
    "strikethrough": _Reader.emphasis,
    "codespan": _Reader.code,
    "formula": _Reader.formula,
    "link": _Reader.link,
    "image": _Reader.image,
    "footnote": _Reader.footnote,
    "linebreak": _Reader.line_break,
    "softbreak": _Reader.soft_break,
}


def plain(nodes: list[Node]) -> str:
    """The text of inline nodes, without what is around it."""
    texts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            texts.append(node)
        elif node["t"] == "img":
            texts.append(node["a"].get("alt", ""))
        elif node["t"] == "br":
            texts.append("\n")
        else:
            texts.append(plain(node.get("c", [])))
    return "".join(texts)
