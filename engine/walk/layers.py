"""Which operations a screen shows as a column of maps, in what order, and in how many parts.

A norm right after a convolution or a linear layer shares its column; one that stands alone has its
own. What only passes numbers on (dropout in evaluation, flattening) is not shown. Three or more
branches that run side by side (Inception) stand in lanes over one another. A net with more columns
than fit on a screen comes in parts, cut where as few connections as possible jump over the cut.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.walk.operations import Operation, WalkPlan

MOST_COLUMNS = 28  # of a net that is shown whole
PART_COLUMNS = 16  # of a part of a longer one
FEWEST_BRANCHES = 3  # from here on they stand over one another
_HIDDEN = {"identity", "reshape", "permute", "constant"}
_WEIGHTED = {"conv", "linear"}
_MERGING = {"add", "multiply", "concat"}


@dataclass(frozen=True)
class Layer:
    """One column, or one lane of a column.

    Attributes:
        steps: operations that share it: one, or a convolution (linear layer) and its norm.
        kind: of the first of them.
        call: of the first of them.
        has_norm: whether the second is a norm.
        layout, shape: of what it shows, the output of the last: (C, H, W) or (F,).
        sources: indices of the layers that feed it, in the order in which they are given.
        column: place from left to right.
        lane, lanes: place among those that share columns, and how many there are.
    """

    steps: tuple[str, ...]
    kind: str
    call: str
    has_norm: bool
    layout: str
    shape: tuple[int, ...]
    sources: tuple[int, ...]
    column: int
    lane: int
    lanes: int

    @property
    def output(self) -> str:
        """The operation whose output is shown."""
        return self.steps[-1]

    @property
    def channels(self) -> int:
        """Maps, or units."""
        return self.shape[0]


@dataclass(frozen=True)
class Part:
    """A stretch of a net that fits on a screen.

    Attributes:
        layers: indices of its layers.
        feeding: indices of earlier layers that feed them, the last ones first to be shown.
    """

    layers: tuple[int, ...]
    feeding: tuple[int, ...]


def shown_layers(plan: WalkPlan) -> tuple[Layer, ...]:
    """The columns of a net from picture to softmax; at least two."""
    shown = _shown(plan.operations)
    fed_by: dict[str, tuple[int, ...]] = {}  # operation → the layers that its output comes from
    steps: list[tuple[str, ...]] = []
    sources: list[tuple[int, ...]] = []
    for name, operation in plan.operations.items():
        before = tuple(dict.fromkeys(at for each in operation.inputs for at in fed_by[each]))
        if name not in shown:
            fed_by[name] = before
        elif _joins(plan.operations, name, shown):
            steps[before[0]] += (name,)
            fed_by[name] = before
        else:
            fed_by[name] = (len(steps),)
            steps.append((name,))
            sources.append(before)
    places = _places([plan.operations[each[0]].kind for each in steps], sources)
    return tuple(
        _layer(plan.operations, each, found, place)
        for each, found, place in zip(steps, sources, places, strict=True)
    )


def _layer(
    operations: Mapping[str, Operation],
    steps: tuple[str, ...],
    sources: tuple[int, ...],
    place: tuple[int, int, int],
) -> Layer:
    first, last = operations[steps[0]], operations[steps[-1]]
    return Layer(
        steps=steps,
        kind=first.kind,
        call=first.call,
        has_norm=len(steps) > 1,
        layout=str(last.layout),
        shape=last.shape,
        sources=sources,
        column=place[0],
        lane=place[1],
        lanes=place[2],
    )


def _shown(operations: Mapping[str, Operation]) -> set[str]:
    """Operations that give maps or vectors and change them."""
    return {
        name
        for name, each in operations.items()
        if each.layout is not None and each.kind not in _HIDDEN
    }


def _joins(operations: Mapping[str, Operation], name: str, shown: Collection[str]) -> bool:
    """Whether an operation is the norm of the convolution or linear layer just before it."""
    operation = operations[name]
    if operation.kind != "norm" or len(operation.inputs) != 1:
        return False
    before = operations[operation.inputs[0]]
    users = [each for each in operations.values() if before.name in each.inputs]
    return before.kind in _WEIGHTED and before.name in shown and len(users) == 1


def _places(kinds: Sequence[str], sources: Sequence[tuple[int, ...]]) -> list[tuple[int, int, int]]:
    """(column, lane, lanes) of each layer."""
    branches: dict[int, list[int]] = {}  # fork → the layers that begin its branches
    for at, (kind, found) in enumerate(zip(kinds, sources, strict=True)):
        if len(found) == 1 and kind not in _MERGING:
            branches.setdefault(found[0], []).append(at)
    places: list[tuple[int, int, int]] = []
    taken: set[tuple[int, int]] = set()
    for at, (kind, found) in enumerate(zip(kinds, sources, strict=True)):
        column, lane, lanes = max((each[0] for each in places), default=-1) + 1, 0, 1
        if len(found) == 1 and kind not in _MERGING:
            siblings = branches[found[0]]
            source = places[found[0]]
            if len(siblings) >= FEWEST_BRANCHES and source[2] == 1:
                column, lane, lanes = source[0] + 1, siblings.index(at), len(siblings)
            elif source[2] > 1:
                column, lane, lanes = source[0] + 1, source[1], source[2]
                while (column, lane) in taken:
                    column += 1
        places.append((column, lane, lanes))
        taken.add((column, lane))
    return places


def parts(layers: Sequence[Layer]) -> tuple[Part, ...]:
    """The whole net as one part where it fits, else stretches of about 16 columns."""
    last = max(each.column for each in layers)
    if last < MOST_COLUMNS:
        return (Part(tuple(range(len(layers))), ()),)
    cuts = _cuts(layers)
    bounds = [0, *cuts, len(layers)]
    return tuple(_part(layers, range(start, stop)) for start, stop in pairwise(bounds))


def _cuts(layers: Sequence[Layer]) -> list[int]:
    """Indices at which a new part begins: of the places in reach, where the fewest jump over."""
    cuts: list[int] = []
    start = 0
    while layers[-1].column - layers[start].column >= PART_COLUMNS:
        first = layers[start].column
        reach = [
            at
            for at in range(start + 1, len(layers))
            if PART_COLUMNS // 2 <= layers[at].column - first <= PART_COLUMNS
        ]
        start = min(reach, key=lambda at: (_jumping(layers, at), -at))
        cuts.append(start)
    return cuts


def _jumping(layers: Sequence[Layer], cut: int) -> tuple[bool, int]:
    """Whether a cut goes through lanes, and how many earlier layers feed what follows it."""
    columns_before = {each.column for each in layers[:cut]}
    torn = any(each.column in columns_before for each in layers[cut:])
    return torn, len({s for each in layers[cut:] for s in each.sources if s < cut})


def _part(layers: Sequence[Layer], inside: range) -> Part:
    feeding = {s for at in inside for s in layers[at].sources if s < inside.start}
    return Part(tuple(inside), tuple(sorted(feeding)))
