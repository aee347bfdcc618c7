"""Node trees and the operations that change them (see docs/nodes.md). Pure; the twin of `js/src/nodes.ts`."""

from __future__ import annotations

from collections.abc import Callable
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
    """Change the tree, which the caller owns, by each operation in turn; gives it back."""
    for op in ops:
        OPS[op[0]](nodes, *op[1:])
    return nodes


def _children(nodes: list[Node], path: list[int]) -> list[Node]:
    """The children of the element at `path`; of the root for an empty one."""
    for index in path:
        element = nodes[index]
        if isinstance(element, str):
            raise ValueError(f"a text has no children: {path}")
        nodes = element.setdefault("c", [])
    return nodes


def _text(nodes: list[Node], path: list[int], keep: int, add: str) -> None:
    siblings = _children(nodes, path[:-1])
    before = siblings[path[-1]]
    if not isinstance(before, str):
        raise ValueError(f"no text stands at {path}")
    siblings[path[-1]] = utf16_prefix(before, keep) + add


def _add(nodes: list[Node], path: list[int], added: list[Node]) -> None:
    _children(nodes, path).extend(added)


def _cut(nodes: list[Node], path: list[int], keep: int) -> None:
    del _children(nodes, path)[keep:]
    if path and not keep:
        element = _children(nodes, path[:-1])[path[-1]]
        if isinstance(element, dict):
            element.pop("c", None)


def _set(nodes: list[Node], path: list[int], node: Node) -> None:
    _children(nodes, path[:-1])[path[-1]] = node


def _attr(nodes: list[Node], path: list[int], name: str, value: Any) -> None:
    element = _children(nodes, path[:-1])[path[-1]]
    if isinstance(element, str):
        raise ValueError(f"a text has no attributes: {path}")
    attributes = element.setdefault("a", {})
    attributes[name] = value
    if value is None:
        del attributes[name]
    if not attributes:
        del element["a"]


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
