"""A detector learning from own labels: the settings of its run, and what it sees epoch by epoch.

Imports no torch at its top.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.cache import remembered
from engine.errors import InputError
from engine.runs.folder import Run
from engine.runs.ownership import OWN_DATA, is_private
from engine.serving.labels.contract import TrainingQuestion
from engine.train.settings import DataSettings, DetectorSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import NetSettings, net_defaults

if TYPE_CHECKING:
    from torch import Tensor

    from engine.data.labelled_pictures import LabelledPictures
    from engine.detection.average_precision import Truths
    from engine.detection.detections import Detections
    from engine.runs.opening import OpenedNet

BATCH_SIZE = 4
#: How many of NanoDet's seven blocks stay as they are; the heads' 3×3 convolutions are the last.
FROZEN = {"neck": 5, "heads": 6, "last": 7}
#: How each learns well when it is chosen.
LEARNING = {
    "nanodet": {"learning_rate": 1e-3, "passes": 20},
    "detectnet": {"learning_rate": 3e-3, "passes": 60},
}


def settings_of(asked: TrainingQuestion) -> RunSettings:
    """The settings of the run that is asked for."""
    net = net_defaults(asked.learner)
    if asked.learner == "nanodet":
        net = NetSettings("nanodet", frozen_blocks=FROZEN[asked.learns])
    train = TrainSettings(
        epochs=asked.passes, batch_size=BATCH_SIZE, learning_rate=asked.learning_rate
    )
    detector = DetectorSettings(coverage_loss="focal", start="shipped")
    return RunSettings(data=DataSettings(OWN_DATA), net=net, train=train, detector=detector)


@dataclass(frozen=True, eq=False)
class HeldOutView:
    """The held-out photo as a run's network sees it; boxes in pixels of ``pixels``.

    Attributes:
        pixels: uint8 (H, W, 3), as large as the network sees it.
        truths: what is there.
        found: down to a score of 0.05.
        is_right: bool (N,), which of these found an object at an IoU of 0.5.
        ap50: in [0, 1]; None without an object.
        each: by class the same, None for a class without an object.
    """

    pixels: np.ndarray
    truths: "Truths"
    found: "Detections"
    is_right: "Tensor"
    ap50: float | None
    each: list[float | None]

    def about(self) -> dict[str, Any]:
        """The figures as JSON takes them."""
        return {"classes": self.found.class_names, "ap50": self.ap50, "each": self.each}


def view_epoch(run: Run, epoch: int) -> HeldOutView:
    """The held-out photo through a run's network at the end of an epoch, 0 for before the first.

    Raises:
        InputError: no such checkpoint, or the run does not learn from labelled photos.
    """
    from engine.runs.checkpoints import find_checkpoint

    if run.settings.net.name not in LEARNING or not is_private(run):
        raise InputError("run_without_labels", 409, name=run.name)
    checkpoint = find_checkpoint(run.folder, epoch)
    return _epoch(run.folder, epoch, checkpoint.step)


@remembered(64)
def _epoch(folder: Path, epoch: int, step: int) -> HeldOutView:
    from engine.detection.average_precision import AP_IOU, mean_average_precision
    from engine.detection.detectnet.judging import mark_right
    from engine.serving.one_core import on_one_core
    from engine.serving.runs.epoch_view import open_at

    opened, data = open_at(folder, epoch), _labelled(folder)
    index = int(data.held_out.nonzero()[0, 0])
    found = on_one_core(_find, opened, data.images[index])
    pixels, truths, found = _framed(data, index, found)
    is_right, _ = mark_right(found, truths)
    table = mean_average_precision([(found, truths)], len(data.classes), (AP_IOU,))
    each = [None if value != value else value for value in table.table[0].tolist()]
    return HeldOutView(pixels, truths, found, is_right, table.at(AP_IOU), each)


@remembered(4)
def _labelled(folder: Path) -> "LabelledPictures":
    from engine.runs.own_data import read_labelled

    return read_labelled(folder)


def _find(opened: "OpenedNet", square: "Tensor") -> "Detections":
    """What a run's network finds on a square, uint8 (S, S, 3)."""
    from engine.detection.detectnet import decoding as of_detectnet
    from engine.detection.nanodet import learning as of_nanodet
    from engine.detection.nanodet.learner import NanoDetLearner
    from engine.train.measuring import predict

    images = square.permute(2, 0, 1)[None].contiguous()
    output = predict(opened.net, images, opened.mean, opened.std)[0]
    size = (square.shape[0], square.shape[1])
    if isinstance(opened.net, NanoDetLearner):
        return of_nanodet.decode(output, size, opened.classes)
    return of_detectnet.decode(output, size, opened.classes, of_detectnet.FLOOR)


def _framed(
    data: "LabelledPictures", index: int, found: "Detections"
) -> "tuple[np.ndarray, Truths, Detections]":
    """The photo cut out of its square, objects and boxes with it; what lies in the black goes."""
    import torch

    from engine.detection.average_precision import Truths
    from engine.detection.boxes import clip
    from engine.detection.detections import Detections

    top, left, height, width = data.frames[index].tolist()
    corner = torch.tensor([left, top, left, top], dtype=torch.float32)
    rows = data.truths[index]
    rows = rows[rows[:, 0] >= 0]
    boxes = clip(found.boxes - corner, (height, width))
    there = (boxes[:, 2:] > boxes[:, :2]).all(dim=1)
    framed = Detections(boxes, found.scores, found.labels, found.class_names).take(there)
    pixels = data.images[index, top : top + height, left : left + width].numpy()
    return pixels, Truths(rows[:, 1:] - corner, rows[:, 0].long()), framed
