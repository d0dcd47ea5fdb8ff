"""How far the cells of a map reach along one side of the picture.

Along each side, a convolution or a pool reads a window of cells, and these cells in turn windows
of the picture. The windows are followed cell by cell, so they are exact at the borders too, where
padding ends; beside them stand the textbook's size, jump and first centre (Araujo, Norris and Sim
2019, "Computing Receptive Fields of Convolutional Neural Networks", Distill).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

Span = tuple[int, int]  # half-open pixels; (0, 0) where a cell sees nothing but padding


@dataclass(frozen=True)
class Reach:
    """What the cells of a map see along one side of the picture.

    Attributes:
        size: pixels that a cell sees where no border cuts it; may exceed the picture.
        jump: pixels between the centres of neighbouring cells.
        first: centre of the first cell; the centre of the picture's first pixel is 0.5.
        spans: half-open pixel range of each cell, clipped to the picture.
    """

    size: float
    jump: float
    first: float
    spans: tuple[Span, ...]


def pixels(length: int) -> Reach:
    """The picture itself: each pixel sees itself."""
    return Reach(1, 1, 0.5, tuple((i, i + 1) for i in range(length)))


def everything(picture: int, cells: int) -> Reach:
    """Cells evenly spread over the picture, each of which sees the whole side."""
    jump = picture / cells
    return Reach(picture, jump, jump / 2, ((0, picture),) * cells)


def blurred(reach: Reach, picture: int) -> Reach:
    """The same cells, each of which now sees the whole side."""
    return replace(reach, size=picture, spans=((0, picture),) * len(reach.spans))


def slide(reach: Reach, cells: int, window: int, stride: int, before: int, dilation: int) -> Reach:
    """Follows a convolution or a pool.

    Args:
        reach: what its input cells see.
        cells: number of output cells.
        window, stride, dilation: in input cells.
        before: padding before the first input cell.
    """
    spans = []
    for cell in range(cells):
        start = cell * stride - before
        taps = range(start, start + window * dilation, dilation)
        spans.append(_hull([reach.spans[t] for t in taps if 0 <= t < len(reach.spans)]))
    wider = (window - 1) * dilation * reach.jump
    first = reach.first + wider / 2 - before * reach.jump
    return Reach(reach.size + wider, reach.jump * stride, first, tuple(spans))


def spread(reach: Reach, cells: int) -> Reach:
    """Follows an adaptive pool: each cell pools an equal share, rounded outwards to cells."""
    inputs = len(reach.spans)
    if inputs % cells == 0:
        window = inputs // cells
        return slide(reach, cells, window, window, 0, 1)
    spans = []
    for cell in range(cells):
        start, stop = cell * inputs // cells, math.ceil((cell + 1) * inputs / cells)
        spans.append(_hull(reach.spans[start:stop]))
    share = inputs / cells
    first = reach.first + (share - 1) / 2 * reach.jump
    return Reach(_longest(spans), reach.jump * share, first, tuple(spans))


def attend(reach: Reach, window: int, shift: int) -> Reach:
    """Follows attention within windows that start at ``shift`` (Swin): a window sees its hull.

    The masked border windows of the shifted case are windows of their own. The mask (-100 before
    the softmax) leaves weights of at most 1e-43, which count as nothing here.
    """
    padded = math.ceil(len(reach.spans) / window) * window
    start = shift if window < padded else 0
    # The last window wraps around and is masked into two; floor division puts the first part at -1.
    groups = [(cell - start) // window for cell in range(len(reach.spans))]
    members: dict[int, list[Span]] = {}
    for group, span in zip(groups, reach.spans, strict=True):
        members.setdefault(group, []).append(span)
    hulls = {group: _hull(spans) for group, spans in members.items()}
    spans = tuple(hulls[group] for group in groups)
    return replace(reach, size=_longest(spans), spans=spans)


def unite(reaches: Sequence[Reach]) -> Reach:
    """Follows a sum or a concatenation of maps with equally many cells."""
    first = reaches[0]
    low = min(reach.first - reach.size / 2 for reach in reaches)
    high = max(reach.first + reach.size / 2 for reach in reaches)
    spans = zip(*(reach.spans for reach in reaches), strict=True)
    united = tuple(_hull(list(together)) for together in spans)
    return Reach(high - low, first.jump, (low + high) / 2, united)


def _hull(spans: Sequence[Span]) -> Span:
    seeing = [span for span in spans if span[0] < span[1]]
    if not seeing:
        return (0, 0)
    return min(start for start, _ in seeing), max(stop for _, stop in seeing)


def _longest(spans: Sequence[Span]) -> int:
    return max(stop - start for start, stop in spans)
