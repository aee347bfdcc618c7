"""Flow diagrams from Python: nodes and edges that are checked here and drawn in the chat (docs/rich.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from .errors import FlowError

MIME = "application/vnd.agui_widget.flow+json"

MAX_NODES = 2_000
MAX_EDGES = 5_000
MAX_LINES = 200  # of its text

_NODE_FIELDS = ("id", "label", "kind", "detail", "group", "ports")
_EDGE_FIELDS = ("from", "to", "label", "fromPort", "toPort")
_WRITTEN_NODE, _WRITTEN_EDGE = _NODE_FIELDS[:-1], _EDGE_FIELDS[:-2]  # without ports

Id = str | int
Node = Id | Mapping[str, Any]
Edge = tuple[Any, ...] | Mapping[str, Any]


class Flow:
    """A diagram of nodes and edges. Yield it from an agent, return it from a tool, or show it in a cell.

        Flow(["load", "clean", "fit"], [("load", "clean"), ("clean", "fit", "if enough is left")])
        Flow({"load": "Load the sales", "fit": "Fit"}, [("load", "fit")], direction="TB", title="How it was made")
        Flow([{"id": "load", "kind": "tool", "detail": "read_csv", "group": "Input"}, "fit"], [("load", "fit")])

    A node is its id, or a mapping of `id`, `label`, `kind` (start, end, agent, model, tool, decision, data, human,
    output, error, or a word of your own), `detail`, `group` and `ports`; `nodes` may be a mapping of ids to labels.
    An edge is `(from, to)`, `(from, to, label)`, or a mapping of `from`, `to`, `label`, `fromPort` and `toPort`.

    Raises `FlowError`, which is a `ValueError`, at what could not be drawn.
    """

    def __init__(
        self,
        nodes: Mapping[Any, Any] | Iterable[Node],
        edges: Iterable[Edge] = (),
        *,
        direction: Literal["LR", "TB"] = "LR",
        routing: Literal["curved", "orthogonal"] = "curved",
        title: str | None = None,
    ) -> None:
        _check_choice("direction", direction, ("LR", "TB"))
        _check_choice("routing", routing, ("curved", "orthogonal"))
        self.nodes = _read_nodes(nodes)
        self.edges = _read_edges(edges, {node["id"]: node for node in self.nodes})
        self.direction = direction
        self.routing = routing
        self.title = title

    def to_json(self) -> dict[str, Any]:
        """What a ```flow fence holds, and what is sent."""
        options: dict[str, Any] = {"direction": self.direction}
        if self.routing != "curved":
            options["routing"] = self.routing
        if self.title:
            options["title"] = str(self.title)
        return {**options, "nodes": self.nodes, "edges": self.edges}

    def __repr__(self) -> str:
        return f"Flow({len(self.nodes)} nodes, {len(self.edges)} edges)"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {MIME: self.to_json(), "text/plain": "\n".join(lines(self.to_json()))}


def read(spec: Any) -> Flow:
    """The flow that a block of code or an output holds, whoever wrote it; what nobody knows of it is left out.

    Ports are: they are for the page alone. Raises `FlowError` at what could not be drawn.
    """
    if not isinstance(spec, dict) or not all(isinstance(spec.get(name, []), list) for name in ("nodes", "edges")):
        raise FlowError("a flow is an object with lists of nodes and edges")
    nodes = [_known(node, _WRITTEN_NODE) for node in spec.get("nodes", [])]
    edges = [_known(edge, _WRITTEN_EDGE) for edge in spec.get("edges", [])]
    title = spec.get("title")
    return Flow(nodes, edges, direction=spec.get("direction", "LR"), title=title if isinstance(title, str) else None)


def _known(item: Any, fields: tuple[str, ...]) -> Any:
    """The fields of an object that say something in a word; anything else as it is."""
    if not isinstance(item, dict):
        return item
    return {name: item[name] for name in fields if isinstance(item.get(name), (str, int, float))}


def lines(flow: Mapping[str, Any]) -> list[str]:
    """A flow as text, an edge a line: `Load → Fit (if enough is left)`; then the nodes that no edge touches."""
    nodes, edges = flow.get("nodes", []), flow.get("edges", [])
    names = {node["id"]: node.get("label", node["id"]) for node in nodes}
    touched = {edge[end] for edge in edges for end in ("from", "to")}
    said = [_line(edge, names) for edge in edges] + [name for each, name in names.items() if each not in touched]
    title = [flow["title"]] if flow.get("title") else []
    more = len(said) - MAX_LINES
    return [*title, *said[:MAX_LINES], *([f"… {more:,} more"] if more > 0 else [])]


def _line(edge: Mapping[str, Any], names: Mapping[str, str]) -> str:
    label = f" ({edge['label']})" if edge.get("label") else ""
    return f"{names[edge['from']]} → {names[edge['to']]}{label}"


# -- reading what was given ----------------------------------------------------------------------------


def _read_nodes(given: Mapping[Any, Any] | Iterable[Node]) -> list[dict[str, Any]]:
    items = [{"id": key, "label": label} for key, label in given.items()] if isinstance(given, Mapping) else [*given]
    _check_count("nodes", len(items), MAX_NODES)
    nodes = [_read_node(item, number) for number, item in enumerate(items, start=1)]
    seen: set[str] = set()
    for node in nodes:
        if node["id"] in seen:
            raise FlowError(f"two nodes have the id {node['id']!r}: give each its own")
        seen.add(node["id"])
    return nodes


def _read_node(item: Any, number: int) -> dict[str, Any]:
    where = f"node {number}"
    fields = _fields_of(item, _NODE_FIELDS, where) if isinstance(item, Mapping) else {"id": item}
    ports = fields.pop("ports", None)
    node = {name: str(value) for name, value in fields.items() if name != "id"}
    node = {"id": _id_of(fields.get("id"), f"the id of {where}"), **node}
    return {**node, "ports": [str(port) for port in ports]} if ports else node


def _read_edges(given: Iterable[Edge], nodes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    items = [*given]
    _check_count("edges", len(items), MAX_EDGES)
    return [_read_edge(item, number, nodes) for number, item in enumerate(items, start=1)]


def _read_edge(item: Any, number: int, nodes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    where = f"edge {number}"
    fields = _fields_of(_as_mapping(item, where), _EDGE_FIELDS, where)
    edge = {name: str(value) for name, value in fields.items()}
    for end in ("from", "to"):
        edge[end] = _id_of(fields.get(end), f'"{end}" of {where}')
        if edge[end] not in nodes:
            raise FlowError(f"{where} has {end!r}: {edge[end]!r}, and there is no such node")
        port = edge.get(f"{end}Port")
        if port is not None and port not in nodes[edge[end]].get("ports", ()):
            raise FlowError(f"{where} names the port {port!r}, which the node {edge[end]!r} does not have")
    return edge


def _as_mapping(item: Any, where: str) -> Mapping[str, Any]:
    if isinstance(item, Mapping):
        return item
    if isinstance(item, (tuple, list)) and len(item) in (2, 3):
        return dict(zip(("from", "to", "label"), item, strict=False))
    raise FlowError(f"{where} is {item!r}: give (from, to), (from, to, label) or a mapping")


def _fields_of(item: Mapping[str, Any], known: tuple[str, ...], where: str) -> dict[str, Any]:
    """What is given and not None."""
    unknown = [str(name) for name in item if name not in known]
    if unknown:
        raise FlowError(f"{where} has {', '.join(unknown)}: it may have {', '.join(known)}")
    return {name: value for name, value in item.items() if value is not None}


def _id_of(value: Any, what: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise FlowError(f"{what} is {value!r}: give text or a whole number")
    return str(value)


def _check_count(what: str, count: int, most: int) -> None:
    if count > most:
        raise FlowError(f"a flow has at most {most:,} {what}, and these are {count:,}")


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise FlowError(f"{name} is {value!r}: give {' or '.join(map(repr, choices))}")
