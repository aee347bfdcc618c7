"""A node tree as plain text, for `text/plain`, logs and copying."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .nodes import INLINE, Element, Node

_MARKS = {"done": "[x] ", "open": "[ ] "}


def to_text(nodes: Iterable[Node]) -> str:
    """The nodes as text: blocks apart, lists with their marks, links with their addresses."""
    return _blocks(list(nodes)).strip("\n")


def _blocks(nodes: Iterable[Node], between: str = "\n\n") -> str:
    """Blocks, and runs of inline nodes as one block each."""
    parts: list[str] = []
    loose: list[str] = []
    for node in nodes:
        if isinstance(node, str) or (node["t"] in INLINE and not (node["t"] == "math" and "a" in node)):
            loose.append(_inline([node]))
            continue
        if loose:
            parts.append("".join(loose).strip())
            loose.clear()
        parts.append(BLOCKS.get(node["t"], _container)(node))
    if loose:
        parts.append("".join(loose).strip())
    return between.join(part for part in parts if part)


def _inline(nodes: Iterable[Node]) -> str:
    return "".join(node if isinstance(node, str) else INLINES.get(node["t"], _content)(node) for node in nodes)


def _content(node: Element) -> str:
    return _inline(node.get("c", ()))


def _container(node: Element) -> str:
    return _blocks(node.get("c", ()))


def _link(node: Element) -> str:
    label, href = _content(node), node.get("a", {}).get("href", "")
    return label if label in (href, href.removeprefix("mailto:"), href.removeprefix("http://")) else f"{label} ({href})"


def _media(node: Element) -> str:
    attributes = node.get("a", {})
    label = attributes.get("alt") or attributes.get("title") or node["t"]
    source = attributes.get("src", "")
    return f"[{label}]" if source.startswith("data:") else f"[{label}] ({source})"


def _number(node: Element) -> str:
    return f"[{node.get('a', {}).get('n', '')}]"


def _math(node: Element) -> str:
    mark = "$$" if node.get("a", {}).get("display") else "$"
    return f"{mark}{_content(node)}{mark}"


def _list(node: Element) -> str:
    number = node.get("a", {}).get("start", 1)
    items = []
    for item in node.get("c", ()):
        mark = f"{number}. " if node["t"] == "ol" else "- "
        items.append(_hanging(mark, _item(item)))
        number += 1
    return "\n".join(items)


def _item(item: Node) -> str:
    if isinstance(item, str):
        return item
    return _MARKS.get(item.get("a", {}).get("task", ""), "") + _blocks(item.get("c", ()), "\n")


def _hanging(mark: str, text: str) -> str:
    return mark + text.replace("\n", "\n" + " " * len(mark))


def _quote(node: Element) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _container(node).split("\n"))


def _table(node: Element) -> str:
    rows = [row for part in node.get("c", ()) for row in _rows(part)]
    return "\n".join(" | ".join(_inline(cell.get("c", ())) for cell in row if isinstance(cell, dict)) for row in rows)


def _rows(part: Node) -> list[list[Node]]:
    if isinstance(part, str):
        return []
    if part["t"] == "tr":
        return [part.get("c", [])]
    return [row for child in part.get("c", ()) for row in _rows(child)]


def _footnotes(node: Element) -> str:
    items = (item for item in node.get("c", ()) if isinstance(item, dict))
    return "\n".join(_hanging(f"{_number(item)} ", _container(item)) for item in items)


def _paragraph(node: Element) -> str:
    return _content(node).strip()


BLOCKS: dict[str, Callable[[Element], str]] = {
    "p": _paragraph,
    **{f"h{level}": _paragraph for level in range(1, 7)},
    "summary": _paragraph,
    "ul": _list,
    "ol": _list,
    "blockquote": _quote,
    "table": _table,
    "fence": _content,
    "math": _math,
    "hr": lambda node: "---",
    "footnotes": _footnotes,
    "note": _paragraph,
}
INLINES: dict[str, Callable[[Element], str]] = {
    "a": _link,
    "br": lambda node: "\n",
    "img": _media,
    "video": _media,
    "audio": _media,
    "math": _math,
    "fnref": _number,
    "cite": _number,
}
