"""Where the nodes and edges of a small flow stand: in ranks, one behind the other along the way that the flow goes.

    edges that lead back are turned ─► ranks by the longest way ─► a place in each rank that an edge passes
      ─► few crossings, by the means of neighbours ─► each as near to its neighbours as there is room

A point is (along, across): along the way that the flow goes, and across it. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from operator import add
from statistics import fmean
from typing import NamedTuple, TypeAlias, TypeVar

T = TypeVar("T")
Point: TypeAlias = tuple[float, float]
Edge: TypeAlias = tuple[int, int]
Neighbours: TypeAlias = defaultdict[int, list[int]]

GAP = 48  # between two ranks
APART = 22  # between neighbours in a rank
SWEEPS = 8
ARRIVAL = 10  # straight on into a node
ASIDE = 0.25  # of a node's breadth: an edge that leads back would else lie on one that leads on


class Route(NamedTuple):
    """The line of an edge from its source to its target, and where its words stand.

    Its pieces are by turns straight, within a rank, and bent, from one rank to the next.
    """

    points: list[Point]
    words: Point


class Layout(NamedTuple):
    """The middle of each node, the route of each edge, and where all of it begins and how far it goes."""

    nodes: list[Point]
    routes: list[Route]
    start: Point
    size: Point

    def turned(self) -> Layout:
        """The same with (across, along) for each point."""
        routes = [Route([*map(_turned, points)], _turned(words)) for points, words in self.routes]
        return Layout([*map(_turned, self.nodes)], routes, _turned(self.start), _turned(self.size))


def laid_out(sizes: Sequence[Point], edges: Sequence[Edge], words: Sequence[Point]) -> Layout:
    """The layout of nodes of these sizes, and of edges whose words have these sizes.

    No edge may lead from a node to itself.
    """
    back = _leading_back(len(sizes), edges)
    ahead = [_turned(edge) if edge in back else edge for edge in edges]
    ranks = _ranks(len(sizes), ahead)
    chains = [_chain(edge, ranks) for edge in ahead]
    room = [*(breadth for _, breadth in sizes), *[0.0] * (len(ranks) - len(sizes))]
    across = _across(ranks, chains, room)
    columns = _columns(ranks, [length for length, _ in sizes], chains, [length for length, _ in words])
    nodes = [(fmean(columns[rank]), across[at]) for at, rank in enumerate(ranks[: len(sizes)])]
    routes = [
        _route([(side, across[at]) for at in chain for side in columns[ranks[at]]], nodes, sizes, edge, edge in back)
        for chain, edge in zip(chains, edges, strict=True)
    ]
    spans = [*zip(across, room, strict=True), *((at[1], of[1]) for (_, at), of in zip(routes, words, strict=True))]
    first, last = min(at - span / 2 for at, span in spans), max(at + span / 2 for at, span in spans)
    return Layout(nodes, routes, (0.0, first), (columns[-1][1], last - first))


def _turned(pair: tuple[T, T]) -> tuple[T, T]:
    return pair[1], pair[0]


# -- ranks -------------------------------------------------------------------------------------------


def _leading_back(count: int, edges: Iterable[Edge]) -> set[Edge]:
    """The edges without which there is no way back to any node."""
    targets: Neighbours = defaultdict(list)
    for source, target in edges:
        targets[source].append(target)
    back, done, on_the_way = set[Edge](), set[int](), set[int]()

    def visit(node: int) -> None:
        on_the_way.add(node)
        for target in targets[node]:
            if target in on_the_way:
                back.add((node, target))
            elif target not in done:
                visit(target)
        on_the_way.remove(node)
        done.add(node)

    reached = {target for _, target in edges}
    for node in sorted(range(count), key=reached.__contains__):  # from where it begins
        if node not in done:
            visit(node)
    return back


def _ranks(count: int, edges: Iterable[Edge]) -> list[int]:
    """The rank of each node: behind all that lead to it. None of `edges` leads back."""
    ranks = [0] * count
    for _ in range(count):
        for source, target in edges:
            ranks[target] = max(ranks[target], ranks[source] + 1)
    return ranks


def _chain(edge: Edge, ranks: list[int]) -> list[int]:
    """The ends of an edge, and between them a new place in each rank that it passes, which is added to `ranks`."""
    source, target = edge
    passed = range(ranks[source] + 1, ranks[target])
    places = range(len(ranks), len(ranks) + len(passed))
    ranks.extend(passed)
    return [source, *places, target]


# -- across and along --------------------------------------------------------------------------------


def _across(ranks: Sequence[int], chains: Iterable[list[int]], room: Sequence[float]) -> list[float]:
    """The middle of each place."""
    before: Neighbours = defaultdict(list)
    after: Neighbours = defaultdict(list)
    for one, other in (step for chain in chains for step in pairwise(chain)):
        after[one].append(other)
        before[other].append(one)
    across = [0.0] * len(ranks)
    rows = [[at for at, rank in enumerate(ranks) if rank == row] for row in range(max(ranks) + 1)]
    for sweep in range(2 * SWEEPS):  # on and back; first who stands beside whom, then how far apart
        beside = after if sweep % 2 else before
        for row in reversed(rows) if sweep % 2 else rows:
            wanted = {at: fmean(across[each] for each in beside[at] or [at]) for at in row}
            if sweep < SWEEPS:
                row.sort(key=wanted.__getitem__)
            for at, place in zip(row, _apart([wanted[at] for at in row], [room[at] for at in row]), strict=True):
                across[at] = place
    return across


def _apart(wanted: Sequence[float], room: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones (by least squares) that leave room for each, in this order."""
    offsets = [0.0]
    for one, other in pairwise(room):
        offsets.append(offsets[-1] + (one + other) / 2 + APART)
    shares: list[tuple[float, int]] = []  # those that would overlap move together, to the mean of what they want
    for want, offset in zip(wanted, offsets, strict=True):
        total, count = want - offset, 1
        while shares and shares[-1][0] / shares[-1][1] > total / count:
            before = shares.pop()
            total, count = before[0] + total, before[1] + count
        shares.append((total, count))
    places = (total / count for total, count in shares for _ in range(count))
    return [place + offset for place, offset in zip(places, offsets, strict=True)]


def _columns(
    ranks: Sequence[int], lengths: Sequence[float], chains: Iterable[list[int]], words: Iterable[float]
) -> list[Point]:
    """Where each rank begins and ends."""
    longest, gaps = ([least] * (max(ranks) + 1) for least in (0.0, float(GAP)))
    for rank, length in zip(ranks, lengths, strict=False):
        longest[rank] = max(longest[rank], length)
    for chain, length in zip(chains, words, strict=True):
        gaps[ranks[chain[0]]] = max(gaps[ranks[chain[0]]], length + GAP / 2)
    starts = accumulate(map(add, longest, gaps), initial=0.0)
    return [(start, start + length) for start, length in zip(starts, longest, strict=False)]


def _route(sides: list[Point], nodes: Sequence[Point], sizes: Sequence[Point], edge: Edge, is_back: bool) -> Route:
    """The route through the sides of the ranks on its way, from one node's side to the other's."""
    way = -1 if is_back else 1
    aside = ASIDE if is_back else 0
    (source, one), (target, other) = ((nodes[at], sizes[at]) for at in edge)
    start, end = source[1] + aside * one[1], target[1] + aside * other[1]
    inner = sides[1:-1][::way]
    points = [
        (source[0] + way * one[0] / 2, start),
        (inner[0][0], start),
        *inner[1:-1],
        (inner[-1][0] - way * ARRIVAL, end),
        (target[0] - way * other[0] / 2, end),
    ]
    bend = points[-3:-1] if is_back else points[1:3]  # behind the first rank, where there is room
    return Route(points, (fmean(along for along, _ in bend), fmean(across for _, across in bend)))
