"""NanoDet's heads on a learner's own labelled photos, as a task of the training engine.

The base stays what eighty classes of COCO have made of it. A class that COCO has keeps its row of
the last convolution, any other begins with a drawn one, which says 0.01 everywhere; the sides'
distributions go on from what they were, whatever the classes.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.data.labelled_pictures import LabelledPictures
from engine.detection.average_precision import average_precision_50
from engine.detection.boxes import box_iou
from engine.detection.coco import COCO_CLASSES
from engine.detection.detections import Detections
from engine.detection.labelled import to_learning_data
from engine.detection.nanodet.cells import cell_centres, read_cells
from engine.detection.nanodet.finding import FLOOR, NMS_IOU, USUAL_SCORE
from engine.detection.nanodet.learner import NAME, NanoDetLearner
from engine.detection.nanodet.letterbox import MEAN_BGR, STD_BGR
from engine.detection.nanodet.losses import (
    BOX_WEIGHT,
    DISTRIBUTION_WEIGHT,
    quality_focal_loss,
    weighted_losses,
)
from engine.detection.nanodet.net import BINS, SIDES, STRIDES_PX, Head
from engine.detection.nanodet.targets import assign
from engine.detection.nanodet.weights import new_nanodet
from engine.detection.nms import nms_trace
from engine.errors import InputError
from engine.train.learning_data import LearningData
from engine.train.measuring import Evaluation, predict
from engine.train.seeding import generator
from engine.train.settings import RunSettings
from engine.train.tasks import OwnData, Subject, register

FIRST_SCORE = 0.01  # of a class that is new, everywhere
_FIRST_STD = 0.01
_BEYOND = 0.1  # an edge farther than the last bin is taken to lie so much before it, in strides
_MOST_BOXES = 1000  # before NMS, the best


class CellDetection:
    """The task of a :class:`engine.detection.nanodet.learner.NanoDetLearner`.

    Args:
        classes: names.
        size: (H, W) of the pictures, multiples of 32.
        seed: what new rows of weights are drawn from.
    """

    parts: tuple[str, ...] = ("quality", "box", "distribution")
    feeds_targets = False

    def __init__(self, classes: tuple[str, ...], size: tuple[int, int], seed: int) -> None:
        self._classes, self._size, self._seed = classes, size, seed
        grids = [(size[0] // stride, size[1] // stride) for stride in STRIDES_PX]
        placed = list(zip(grids, STRIDES_PX, strict=True))
        self._centres = torch.cat([cell_centres(grid, stride) for grid, stride in placed])
        self._strides = torch.cat(
            [torch.full((rows * columns,), float(px)) for (rows, columns), px in placed]
        )

    def prepare(self, net: nn.Module) -> None:
        """Begins with the weights that ship.

        Raises:
            InputError: they are missing or damaged.
        """
        assert isinstance(net, NanoDetLearner)
        fill_heads(net, self._classes, generator(self._seed, "new classes"))

    def losses(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The weighted sum, and each loss as it is; boxes' losses are 0 without any object.

        Args:
            outputs: float32 (N, classes + 44, M).
            targets: float32 (N, K, 5), as :class:`engine.data.labelled_pictures.LabelledPictures`.
        """
        logits, sides = self._split(outputs)
        owners = self._assign(targets)
        row, cell = (owners >= 0).nonzero(as_tuple=True)
        truths = targets[row, owners[row, cell]]  # (P, 5)
        centres, strides = self._centres.to(outputs.device)[cell], self._strides.to(outputs)[cell]
        boxes = _boxes_of(sides[row, cell], centres, strides)
        labels = truths[:, 0].long()
        quality = torch.zeros_like(logits)
        quality[row, cell, labels] = _pairwise_iou(boxes.detach(), truths[:, 1:])
        found = quality_focal_loss(logits, quality).sum() / max(len(row), 1)
        distances = torch.cat([centres - truths[:, 1:3], truths[:, 3:] - centres], dim=1)
        inside = (distances / strides[:, None]).clamp(0, BINS - 1 - _BEYOND)
        weights = logits[row, cell].detach().sigmoid().amax(dim=1)
        box, spread = weighted_losses(boxes, truths[:, 1:], sides[row, cell], inside, weights)
        return found + BOX_WEIGHT * box + DISTRIBUTION_WEIGHT * spread, (found, box, spread)

    def count_right(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Share of cells with an object that say its class at 0.4 or more, times the pictures."""
        logits, _ = self._split(outputs)
        owners = self._assign(targets)
        row, cell = (owners >= 0).nonzero(as_tuple=True)
        labels = targets[row, owners[row, cell], 0].long()
        said = logits[row, cell, labels].sigmoid() >= USUAL_SCORE
        return said.sum() / max(len(row), 1) * len(outputs)

    def evaluate(self, net: nn.Module, data: LearningData) -> Evaluation:
        """Losses and AP50 on the photos that were held out."""
        outputs = predict(net, data.validation_images, data.mean, data.std)
        loss, parts = self.losses(outputs, data.validation_targets)
        found = [decode(each, self._size, self._classes) for each in outputs]
        named = dict(zip(self.parts, (part.item() for part in parts), strict=True))
        ap50 = average_precision_50(found, data.validation_targets, len(self._classes))
        return Evaluation(loss.item(), ap50, confusion=(), worst=(), parts=named)

    def _split(self, outputs: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (N, M, classes) and sides (N, M, 4, bins)."""
        values = outputs.transpose(1, 2)
        logits, sides = values.tensor_split([len(self._classes)], dim=2)
        return logits, sides.unflatten(2, (SIDES, BINS))

    def _assign(self, targets: Tensor) -> Tensor:
        """int64 (N, M): which object of its picture each cell answers for, -1 for none."""
        owners = []
        for rows in targets.cpu().float():
            there = (rows[:, 0] >= 0).nonzero()[:, 0]
            owner = assign(rows[there, 1:], self._centres, self._strides)
            chosen = owner >= 0
            owner[chosen] = there[owner[chosen]]
            owners.append(owner)
        return torch.stack(owners).to(targets.device)


def _boxes_of(sides: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
    """Boxes (P, 4) of logits (P, 4, bins): expectations around the centres."""
    bins = torch.arange(BINS, dtype=sides.dtype, device=sides.device)
    distances = sides.softmax(dim=-1) @ bins * strides[:, None]
    return torch.cat([centres - distances[:, :2], centres + distances[:, 2:]], dim=1)


def _pairwise_iou(boxes: Tensor, truths: Tensor) -> Tensor:
    """IoU of each box (P, 4) with its own object."""
    return box_iou(boxes, truths).diagonal()


def decode(output: Tensor, size: tuple[int, int], class_names: Sequence[str]) -> Detections:
    """What a learner finds on one picture, down to a score of ``FLOOR``, thinned by NMS.

    Args:
        output: float (classes + 44, M).
        size: (H, W) of the picture, multiples of 32.
        class_names: names of the classes.
    """
    cells = read_cells(output, size)
    scores, labels = cells.scores.max(dim=1)
    best = (scores >= FLOOR).nonzero()[:, 0]
    best = best[scores[best].argsort(descending=True, stable=True)[:_MOST_BOXES]]
    proposed = Detections.ranked(cells.boxes()[best], scores[best], labels[best], class_names)
    kept = nms_trace(proposed.boxes, proposed.scores, NMS_IOU, proposed.labels).kept
    return proposed.take(kept)


@torch.no_grad()
def fill_heads(net: NanoDetLearner, classes: Sequence[str], drawn: torch.Generator) -> None:
    """Gives a learner the shipped base and heads, the last convolution's rows class by class.

    Args:
        net: changed in place.
        classes: names of its classes.
        drawn: for the rows of classes that COCO does not have.

    Raises:
        InputError: the shipped weights are missing or damaged.
    """
    shipped = new_nanodet()
    mine, theirs = net.net.state_dict(), shipped.state_dict()
    net.net.load_state_dict(
        {
            name: value if mine[name].shape == value.shape else mine[name]
            for name, value in theirs.items()
        }
    )
    known = known_classes(classes)
    for own, head in zip(net.net.heads, shipped.heads, strict=True):
        (weight, bias), (known_weight, known_bias) = _last(own), _last(head)
        for k, row in enumerate(known):
            if row is None:
                weight[k].normal_(0, _FIRST_STD, generator=drawn)
                bias[k] = math.log(FIRST_SCORE / (1 - FIRST_SCORE))
            else:
                weight[k], bias[k] = known_weight[row], known_bias[row]
        weight[len(classes) :] = known_weight[len(COCO_CLASSES) :]
        bias[len(classes) :] = known_bias[len(COCO_CLASSES) :]


def _last(head: nn.Module) -> tuple[Tensor, Tensor]:
    """Weight and bias of a head's 1×1 convolution."""
    assert isinstance(head, Head)
    last = head[1]
    assert isinstance(last, nn.Conv2d)
    assert last.bias is not None
    return last.weight, last.bias


def known_classes(classes: Sequence[str]) -> list[int | None]:
    """For each class its number among COCO's, None where COCO has none of that name."""
    numbers = {name: number for number, name in enumerate(COCO_CLASSES)}
    return [numbers.get(" ".join(name.casefold().replace("_", " ").split())) for name in classes]


def _load(settings: RunSettings, data: OwnData) -> LearningData:
    if not isinstance(data, LabelledPictures):
        raise InputError("labels_and_net", net=settings.net.name)
    mean, std = (torch.tensor(numbers[::-1]) / 255 for numbers in (MEAN_BGR, STD_BGR))
    return to_learning_data(data, mean, std)


register(
    (NAME,),
    Subject(
        lambda settings, classes, size: CellDetection(classes, size, settings.seed),
        _load,
        "detector_augmented",
    ),
)
