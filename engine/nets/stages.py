"""The telling maps of a network: what a strip from picture to answer shows.

A network is a tree of blocks; its outermost blocks are few in one network and many in another.
The strip takes the outputs of the blocks at the first depth at which there are enough of them.
"""

from collections.abc import Sequence
from itertools import groupby, pairwise

from engine.nets.graph import MapNode

FEWEST, MOST = 10, 24
_IDLE = {"identity", "permute", "split", "select"}
_FINISHING = {"norm", "activation"}


def stages(nodes: Sequence[MapNode]) -> dict[str, MapNode]:
    """The outputs of a network's blocks, in execution order.

    Blocks are taken at the smallest depth of the module tree at which there are at least 10, or
    at the greatest depth there is. A convolution with the norm and the activation that follow it
    counts as one, and what is done to the picture before the first learnt operation is left out.
    Where there are more than 24, the last one before each change of size or of channels is
    kept and the others are thinned evenly.

    Args:
        nodes: a network's map nodes in execution order (:func:`engine.nets.graph.map_nodes`).

    Returns:
        The block's name (``features.3``) → its last map; at most 24, none if there are no nodes.
        MobileNetV2 has 19, ``features.0`` to ``features.18``.
    """
    found: dict[str, MapNode] = {}
    depth = max((node.name.count(".") for node in nodes), default=-1)
    for level in range(1, depth + 2):
        found = _blocks(nodes, level)
        if len(found) >= FEWEST:
            break
    return _thinned(found)


def _blocks(nodes: Sequence[MapNode], level: int) -> dict[str, MapNode]:
    """Each block at a depth of the module tree → its last map that says something new."""
    blocks: dict[str, list[MapNode]] = {}
    for node in nodes:
        if node.kind not in _IDLE and node.params_so_far:
            blocks.setdefault(".".join(node.name.split(".")[:level]), []).append(node)
    ends = {name: inside[-1] for name, inside in blocks.items()}
    single = {name for name, inside in blocks.items() if len(inside) == 1}
    names = list(ends)
    for name, following in pairwise(names):
        if {name, following} <= single and _is_one_step(ends[name], ends[following]):
            del ends[name]
    return ends


def _is_one_step(first: MapNode, second: MapNode) -> bool:
    """Whether two operations belong together: conv and its norm, a norm and what it prepares."""
    finishing = second.kind in _FINISHING and second.size == first.size
    return finishing or (
        first.kind in ("norm", "patch merging") and second.kind in ("conv", "linear")
    )


def _thinned(found: dict[str, MapNode]) -> dict[str, MapNode]:
    if len(found) <= MOST:
        return found
    names = list(found)
    runs = [
        list(group)
        for _, group in groupby(names, key=lambda name: (found[name].size, found[name].channels))
    ]
    telling = {run[-1] for run in runs}
    if len(telling) > MOST:
        telling = {names[round(i * (len(names) - 1) / (MOST - 1))] for i in range(MOST)}
    rest = [name for name in names if name not in telling]
    free = MOST - len(telling)
    telling.update(rest[(2 * i + 1) * len(rest) // (2 * free)] for i in range(free))
    return {name: found[name] for name in names if name in telling}
