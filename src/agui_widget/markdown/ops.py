"""The operations that turn one node tree into another, by path (docs/nodes.md); `agui_widget.nodes` applies them."""

from __future__ import annotations

from typing import Any

from ..nodes import Op
from .nodes import Node, width

Path = list[int]


def diff(old: list[Node], new: list[Node], path: Path, ops: list[Op], first: int = 0) -> None:
    """Append the operations that turn the children `old` of the element at `path` into `new`, from the `first` on."""
    shared = min(len(old), len(new))
    for at in range(first, shared):
        if old[at] is not new[at] and old[at] != new[at]:
            _change(old[at], new[at], [*path, at], ops)
    if len(old) > len(new):
        ops.append(["cut", path, len(new)])
    elif len(new) > len(old):
        ops.append(["add", path, new[len(old) :]])


def _change(old: Node, new: Node, path: Path, ops: list[Op]) -> None:
    if isinstance(old, str) and isinstance(new, str):
        keep = _shared_length(old, new)
        ops.append(["text", path, width(old[:keep]), new[keep:]])
    elif isinstance(old, str) or isinstance(new, str) or old["t"] != new["t"]:
        ops.append(["set", path, new])
    else:
        _change_attributes(old.get("a", {}), new.get("a", {}), path, ops)
        diff(old.get("c", []), new.get("c", []), path, ops)


def _change_attributes(old: dict[str, Any], new: dict[str, Any], path: Path, ops: list[Op]) -> None:
    ops.extend(["attr", path, name, None] for name in old if name not in new)
    ops.extend(["attr", path, name, value] for name, value in new.items() if old.get(name) != value)


def _shared_length(old: str, new: str) -> int:
    if new.startswith(old):
        return len(old)
    low, high = 0, min(len(old), len(new))
    while low < high:  # comparing slices is faster than characters
        middle = (low + high + 1) // 2
        if old[:middle] == new[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
