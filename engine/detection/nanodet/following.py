"""One thing followed over the three grids: which cell of each has it, however large it is shown.

A thing is known by its class and its place: of the cells whose box overlaps the thing's by
:data:`SAME_IOU` or more, the one that scores its class highest has it. And the other way round:
what becomes of all cells on the way to the boxes that are left.

Sources: Lin et al., "Feature Pyramid Networks", CVPR 2017 (small things on fine maps, large ones on
coarse maps); Li et al., "Generalized Focal Loss", NeurIPS 2020 (NanoDet's head).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.detection.boxes import area, box_iou
from engine.detection.nanodet.cells import Cells
from engine.detection.nanodet.finding import FLOOR, NMS_IOU, Seen
from engine.detection.nms import nms_trace

SAME_IOU = 0.5


@dataclass(frozen=True, eq=False)
class Thing:
    """What is followed.

    Attributes:
        label: its class.
        box: float32 (4,) ``xyxy`` in the picture's pixels.
        score: of the cell that gave it.
    """

    label: int
    box: Tensor
    score: float


@dataclass(frozen=True)
class Followed:
    """Where a thing is found.

    Attributes:
        cells: of each grid the cell that has it, its index among all; None where none has.
        scores: what these say of its class, in [0, 1]; 0 where there is none.
    """

    cells: tuple[int | None, ...]
    scores: tuple[float, ...]

    @property
    def winner(self) -> int | None:
        """The grid with the highest score, the finer of two equal ones; None below ``FLOOR``."""
        best = max(self.scores)
        return self.scores.index(best) if best >= FLOOR else None


@dataclass(frozen=True, eq=False)
class Winnowed:
    """From all cells to the boxes left.

    Attributes:
        counts: int64 (4, grids): all cells; those that propose a box (a class of ``FLOOR`` or more,
            on the picture); those of them with the least score or more; those that NMS leaves.
        left: int64 (K,), the last, indices among all cells, best first.
    """

    counts: Tensor
    left: Tensor


def pick_thing(seen: Seen, label: int | None = None) -> Thing:
    """The thing that one cell is surest of; of one class, or of all."""
    scores = seen.cells.scores if label is None else seen.cells.scores[:, label, None]
    best = int(scores.argmax())
    index, column = divmod(best, scores.shape[1])
    return Thing(
        column if label is None else label, seen.boxes()[index], float(scores.flatten()[best])
    )


def follow(seen: Seen, thing: Thing, iou: float = SAME_IOU) -> Followed:
    """Which cell of each grid has the thing.

    Args:
        seen: the picture at any size.
        thing: from the same picture at any size.
        iou: how much a cell's box must overlap the thing's.
    """
    overlap = box_iou(seen.boxes(), thing.box[None])[:, 0]  # (M,)
    scores = seen.cells.scores[:, thing.label].masked_fill(overlap < iou, -1)
    cells: list[int | None] = []
    first = 0
    for part in seen.cells.on_grids(scores):
        best = int(part.argmax())
        cells.append(first + best if part.flatten()[best] >= 0 else None)
        first += part.numel()
    said = [0.0 if each is None else float(scores[each]) for each in cells]
    return Followed(tuple(cells), tuple(said))


def winnow(seen: Seen, score: float) -> Winnowed:
    """What becomes of all cells; what is left is what ``finding.find_things`` finds.

    Args:
        seen: a picture.
        score: the least of a box, ``FLOOR`` or more.
    """
    scores, labels = seen.cells.scores.max(dim=1)
    boxes = seen.boxes()
    proposed = (scores >= FLOOR) & (boxes[:, 2:] > boxes[:, :2]).all(dim=1)
    sure = (proposed & (scores >= score)).nonzero()[:, 0]
    left = sure[nms_trace(boxes[sure], scores[sure], NMS_IOU, labels[sure]).kept]
    steps = [torch.arange(len(scores)), proposed.nonzero()[:, 0], sure, left]
    counts = torch.stack([_on_each_grid(seen.cells, each) for each in steps])
    return Winnowed(counts, left)


def size_px(seen: Seen, thing: Thing) -> float:
    """How large the thing is in the network's input: the root of its box's area, in pixels."""
    return float(area(seen.place.to_square(thing.box)).clamp(min=0).sqrt())


def _on_each_grid(cells: Cells, chosen: Tensor) -> Tensor:
    marked = torch.zeros(len(cells.scores), dtype=torch.int64)
    marked[chosen] = 1
    return torch.stack([part.sum() for part in cells.on_grids(marked)])
