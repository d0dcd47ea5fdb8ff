"""Places for the nodes of a graph: in layers, every edge going down, few of them crossing.

After Sugiyama, Tagawa and Toda (1981): layers by the longest way from the result; edges that span
several layers get a waypoint in each; orders by the barycentres of neighbours, swept up and down;
then places across that keep the order, with the least squares (isotonic regression).
"""

from collections.abc import Sequence
from dataclasses import dataclass

SWEEPS = 8
SETTLING = 24


@dataclass(frozen=True)
class Layout:
    """Places in units of one node.

    Attributes:
        x: of each node, from 0.
        layer: of each node, from 0 at the top.
        ways: of each edge (node, place among its inputs), the waypoints in between, (x, layer).
    """

    x: list[float]
    layer: list[int]
    ways: dict[tuple[int, int], list[tuple[float, int]]]


def lay_out(inputs: Sequence[Sequence[int | None]]) -> Layout:
    """Lay a graph out.

    Args:
        inputs: of each node the nodes that its inputs come from; node 0 is the result, and stands
            at the bottom.
    """
    layer = _layers(inputs)
    above: list[list[int]] = [[] for _ in inputs]  # of every point, those that lead to it
    layers = list(layer)
    chains: dict[tuple[int, int], list[int]] = {}
    for node, sources in enumerate(inputs):
        for place, source in enumerate(sources):
            if source is None:
                continue
            lower, chain = node, []
            for level in range(layer[node] - 1, layer[source], -1):
                point = len(layers)
                layers.append(level)
                above.append([])
                above[lower].append(point)
                chain.append(point)
                lower = point
            above[lower].append(source)
            chains[node, place] = chain[::-1]
    x = _across(layers, above)
    ways = {edge: [(x[p], layers[p]) for p in chain] for edge, chain in chains.items()}
    return Layout(x[: len(inputs)], layer, ways)


def _layers(inputs: Sequence[Sequence[int | None]]) -> list[int]:
    """From the top: leaves stand just above the first that uses them."""
    height = [0] * len(inputs)
    order = _from_result(inputs)
    for node in order:
        for source in inputs[node]:
            if source is not None:
                height[source] = max(height[source], height[node] + 1)
    top = max(height)
    return [top - each for each in height]


def _from_result(inputs: Sequence[Sequence[int | None]]) -> list[int]:
    """Every node before those that its inputs come from."""
    waiting = [0] * len(inputs)
    for sources in inputs:
        for source in sources:
            if source is not None:
                waiting[source] += 1
    ready = [node for node, count in enumerate(waiting) if count == 0]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for source in inputs[node]:
            if source is not None:
                waiting[source] -= 1
                if waiting[source] == 0:
                    ready.append(source)
    return order


def _across(layers: Sequence[int], above: Sequence[Sequence[int]]) -> list[float]:
    below: list[list[int]] = [[] for _ in layers]
    for point, sources in enumerate(above):
        for source in sources:
            below[source].append(point)
    rows: list[list[int]] = [[] for _ in range(max(layers) + 1)]
    for point, level in enumerate(layers):
        rows[level].append(point)
    x = [0.0] * len(layers)
    for row in rows:
        for place, point in enumerate(row):
            x[point] = float(place)
    for sweep in range(SWEEPS):
        near = below if sweep % 2 == 0 else above
        for row in reversed(rows) if sweep % 2 == 0 else rows:
            row.sort(key=lambda point, near=near: _mean([x[p] for p in near[point]], x[point]))
            for place, point in enumerate(row):
                x[point] = float(place)
    for _ in range(SETTLING):
        for row in (*rows, *reversed(rows)):
            wanted = [_mean([x[p] for p in (*above[p_], *below[p_])], x[p_]) for p_ in row]
            for point, place in zip(row, apart(wanted), strict=True):
                x[point] = place
    least = min(x)
    return [each - least for each in x]


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def apart(wanted: Sequence[float]) -> list[float]:
    """The places nearest to those wanted, in the same order and at least 1 apart."""
    blocks: list[tuple[float, int]] = []  # mean and size; neighbours that collide are pooled
    for place, want in enumerate(wanted):
        mean, size = want - place, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        blocks.append((mean, size))
    level = [mean for mean, size in blocks for _ in range(size)]
    return [each + place for place, each in enumerate(level)]
