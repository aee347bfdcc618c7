"""Node trees and the operations that change them (see docs/nodes.md). Pure; the twin of `js/src/nodes.ts`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

Node = str | dict[str, Any]
Op = list[Any]


def utf16_length(text: str) -> int:
    """How many UTF-16 units a text has: what JavaScript and AG-UI count in."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def utf16_prefix(text: str, units: int) -> str:
    """The first `units` UTF-16 units of a text."""
    if text.isascii() or utf16_length(text) == len(text):
        return text[:units]
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "replace")


def apply_ops(nodes: list[Node], ops: list[Op]) -> list[Node]:
    """The tree after the operations; the tree before stays as it was, and what did not change is shared.

    An operation that does not fit the tree changes nothing: a log may be damaged, and both languages must agree.
    """
    for op in ops:
        with suppress(_Misfit, KeyError, TypeError, ValueError):
            name, path, *arguments = op
            nodes = OPS[name](nodes, path, *arguments)
    return nodes


class _Misfit(Exception):
    """The path leads nowhere, or to something else."""


def _element(node: Node) -> dict[str, Any]:
    if isinstance(node, str):
        raise _Misfit
    return node


def _with_children(element: dict[str, Any], children: list[Node]) -> dict[str, Any]:
    made = {key: value for key, value in element.items() if key != "c"}
    return {**made, "c": children} if children else made


def _changed(nodes: list[Node], path: list[int], change: Callable[[Node], Node]) -> list[Node]:
    """A copy of the lists and elements on the way to one node, with that one changed."""
    if not path or not 0 <= path[0] < len(nodes):
        raise _Misfit
    at, *rest = path
    copy = list(nodes)
    if rest:
        element = _element(nodes[at])
        copy[at] = _with_children(element, _changed(element.get("c", []), rest, change))
    else:
        copy[at] = change(nodes[at])
    return copy


def _text(nodes: list[Node], path: list[int], keep: int, add: str) -> list[Node]:
    def change(node: Node) -> Node:
        if not isinstance(node, str):
            raise _Misfit
        return utf16_prefix(node, keep) + add

    return _changed(nodes, path, change)


def _children_changed(nodes: list[Node], path: list[int], change: Callable[[list[Node]], list[Node]]) -> list[Node]:
    if not path:
        return change(nodes)
    return _changed(nodes, path, lambda node: _with_children(_element(node), change(_element(node).get("c", []))))


def _add(nodes: list[Node], path: list[int], added: list[Node]) -> list[Node]:
    return _children_changed(nodes, path, lambda children: [*children, *added])


def _cut(nodes: list[Node], path: list[int], keep: int) -> list[Node]:
    return _children_changed(nodes, path, lambda children: children[:keep])


def _set(nodes: list[Node], path: list[int], node: Node) -> list[Node]:
    return _changed(nodes, path, lambda _: node)


def _attr(nodes: list[Node], path: list[int], name: str, value: Any) -> list[Node]:
    def change(node: Node) -> Node:
        element = _element(node)
        attributes = {key: kept for key, kept in element.get("a", {}).items() if key != name}
        if value is not None:
            attributes[name] = value
        made = {"t": element["t"], **({"a": attributes} if attributes else {})}
        return {**made, "c": element["c"]} if "c" in element else made

    return _changed(nodes, path, change)


OPS: dict[str, Callable[..., list[Node]]] = {"text": _text, "add": _add, "cut": _cut, "set": _set, "attr": _attr}


def join_ops(ops: list[Op]) -> list[Op]:
    """The same operations in fewer: text that is appended to what was just appended."""
    joined: list[Op] = []
    for op in ops:
        before = joined[-1] if joined else None
        if before is not None and _goes_on(before, op):
            joined[-1] = ["text", before[1], before[2], before[3] + op[3]]
        else:
            joined.append(op)
    return joined


def _goes_on(before: Op, op: Op) -> bool:
    is_text = before[0] == op[0] == "text" and before[1] == op[1]
    return is_text and bool(op[2] == before[2] + utf16_length(before[3]))
