"""Several groupings of one picture, and the boxes that they propose, the likely ones first.

Source: Uijlings et al. 2013, sections 4.3 (the order) and 5.4 (which strategies are put together).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.detection.selective_search.colour_spaces import ColourSpace, to_colour_space
from engine.detection.selective_search.grouping import Grouping, group
from engine.detection.selective_search.regions import Regions, describe_regions, first_regions
from engine.detection.selective_search.similarity import Weights
from engine.progress import Progress

ORDER_SEED = 0


@dataclass(frozen=True)
class Strategy:
    """One way to group a picture.

    Attributes:
        space: channels that regions are found and told apart by.
        scale: of Felzenszwalb's regions, 1 to 10,000.
        weights: how much each measure counts.
    """

    space: ColourSpace = "hsv"
    scale: float = 100.0
    weights: Weights = field(default_factory=Weights)


#: The paper's "fast": two colour spaces, two sets of measures, two scales.
FAST = tuple(
    Strategy(space, scale, weights)
    for space in ("hsv", "lab")
    for scale in (50.0, 100.0)
    for weights in (Weights(), Weights(colour=0.0))
)


@dataclass(frozen=True, eq=False)
class Searched:
    """What one strategy made of a picture.

    Attributes:
        labels: int32 (H, W), the first region that each pixel lies in.
        grouping: every merge of them.
    """

    labels: np.ndarray
    grouping: Grouping


def find_regions(pixels: np.ndarray, space: ColourSpace, scale: float) -> Regions:
    """The first regions of a picture, uint8 (H, W, 3), in the channels of a colour space.

    Raises:
        InputError: an unknown space, or a scale out of range.
        ValueError: not a picture.
    """
    channels = to_colour_space(pixels, space)
    return describe_regions(first_regions(channels, scale), channels)


def group_all(
    pixels: np.ndarray, strategies: Sequence[Strategy]
) -> Iterator[Progress[tuple[Searched, ...]]]:
    """One strategy after another; the regions that several share are found once.

    Raises:
        InputError: a value of a strategy is out of range.
        ValueError: not a picture.
    """
    shared: dict[tuple[ColourSpace, float], Regions] = {}
    found: list[Searched] = []
    for done, each in enumerate(strategies):
        yield Progress(done, len(strategies))
        key = each.space, each.scale
        if key not in shared:
            shared[key] = find_regions(pixels, *key)
        found.append(Searched(shared[key].labels, group(shared[key], each.weights)))
    yield Progress(len(strategies), len(strategies), tuple(found))


def propose(groupings: Sequence[Grouping], seed: int = ORDER_SEED) -> np.ndarray:
    """The boxes of all regions, each box once, in the order in which they should be looked at.

    A region's place is its position from the top of its tree (the whole picture is 1) times a
    random number in [0, 1): without it, the large ones of every strategy would come first.

    Args:
        groupings: of one picture, at least one.
        seed: of the random numbers.

    Returns:
        int64 (N, 4), ``xyxy`` in pixels, half-open.
    """
    random = np.random.default_rng(seed)
    boxes = np.concatenate([each.boxes for each in groupings])
    positions = np.concatenate([np.arange(len(each.boxes), 0, -1) for each in groupings])
    ranked = boxes[np.argsort(positions * random.random(len(positions)), kind="stable")]
    first = np.unique(ranked, axis=0, return_index=True)[1]
    return ranked[np.sort(first)]
