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
    """Change the tree, which the caller owns, by each operation in turn; gives it back.

    An operation that does not fit the tree changes nothing: a log may be damaged, and both languages must agree.
    """
    for op in ops:
        with suppress(_Misfit, KeyError, TypeError, ValueError):
            name, path, *arguments = op
            OPS[name](nodes, path, *arguments)
    return nodes


class _Misfit(Exception):
    """The path leads nowhere, or to something else."""


def _at(nodes: list[Node], index: int) -> Node:
    if not 0 <= index < len(nodes):
        raise _Misfit
    return nodes[index]


def _children(nodes: list[Node], path: list[int]) -> list[Node]:
    """The children of the element at `path`, as they stand in the tree; of the root for an empty one."""
    for index in path:
        nodes = _element(_at(nodes, index)).get("c", [])
    return nodes


def _element(node: Node) -> dict[str, Any]:
    if isinstance(node, str):
        raise _Misfit
    return node


def _place(nodes: list[Node], path: list[int]) -> tuple[list[Node], int]:
    """Where one node stands: the list it is in, and its index."""
    if not path:
        raise _Misfit
    siblings = _children(nodes, path[:-1])
    _at(siblings, path[-1])
    return siblings, path[-1]


def _text(nodes: list[Node], path: list[int], keep: int, add: str) -> None:
    siblings, at = _place(nodes, path)
    before = siblings[at]
    if not isinstance(before, str):
        raise _Misfit
    siblings[at] = utf16_prefix(before, keep) + add


def _add(nodes: list[Node], path: list[int], added: list[Node]) -> None:
    if path:
        siblings, at = _place(nodes, path)
        nodes = _element(siblings[at]).setdefault("c", [])
    nodes.extend(added)


def _cut(nodes: list[Node], path: list[int], keep: int) -> None:
    del _children(nodes, path)[keep:]
    if path and not keep:
        siblings, at = _place(nodes, path)
        _element(siblings[at]).pop("c", None)


def _set(nodes: list[Node], path: list[int], node: Node) -> None:
    siblings, at = _place(nodes, path)
    siblings[at] = node


def _attr(nodes: list[Node], path: list[int], name: str, value: Any) -> None:
    siblings, at = _place(nodes, path)
    element = _element(siblings[at])
    attributes = {key: kept for key, kept in element.get("a", {}).items() if key != name}
    if value is not None:
        attributes[name] = value
    element.pop("a", None)
    if attributes:
        element["a"] = attributes


OPS: dict[str, Callable[..., None]] = {"text": _text, "add": _add, "cut": _cut, "set": _set, "attr": _attr}


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
