"""The DetectNet page: the shipped net on held-out scenes, and trainings epoch by epoch.

Imports no torch at its top.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.cache import remembered
from engine.errors import InputError
from engine.runs.folder import Run
from engine.runs.ownership import is_private
from engine.serving.detectnet.contract import RETRAINED_EPOCHS, SHOWN_SCENES
from engine.train.settings import SCENES, DataSettings, DetectorSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import DETECTORS, net_defaults

if TYPE_CHECKING:
    from torch import Tensor

    from engine.detection.average_precision import Truths
    from engine.detection.detections import Detections
    from engine.detection.detectnet.decoding import Merge
    from engine.detection.detectnet.weights import TrainedDetectNet

WATCHED_SCENES = 4  # of these, while a net learns
OWN_SCENES, BATCH_SIZE = 800, 16
RETRAINED_SCENES, RETRAINED_SEED = 160, 1


def own_training(
    box_weight: float, coverage_loss: str, learning_rate: float, epochs: int
) -> RunSettings:
    """A training from the beginning."""
    detector = DetectorSettings(OWN_SCENES, coverage_loss, box_weight)
    return _settings(learning_rate, epochs, detector, seed=0)


def retraining(learning_rate: float) -> RunSettings:
    """The shipped net going on with a few scenes that it has never seen."""
    detector = DetectorSettings(RETRAINED_SCENES, start="shipped")
    return _settings(learning_rate, RETRAINED_EPOCHS, detector, seed=RETRAINED_SEED)


def _settings(rate: float, epochs: int, detector: DetectorSettings, seed: int) -> RunSettings:
    train = TrainSettings(epochs=epochs, batch_size=BATCH_SIZE, learning_rate=rate)
    data, net = DataSettings(SCENES), net_defaults("detectnet")
    return RunSettings(data=data, net=net, train=train, detector=detector, seed=seed)


@dataclass(frozen=True, eq=False)
class SceneView:
    """A held-out scene as the shipped net sees it.

    Attributes:
        pixels: uint8 (H, W, 3).
        coverage: float32 (classes, h, w) in [0, 1].
        cells: float32 (h, w, 4), ``xyxy`` in pixels, the box of each cell.
        truths: what is there.
        raw: boxes of cells that reach the threshold.
        found: what is left of them.
        is_right: bool (N,), which of these found an object.
        found_by: int64 (M,), the box that found each object, -1 where none did.
    """

    pixels: np.ndarray
    coverage: "Tensor"
    cells: "Tensor"
    truths: "Truths"
    raw: int
    found: "Detections"
    is_right: "Tensor"
    found_by: "Tensor"


@cache
def shipped() -> "TrainedDetectNet":
    """The net that ships, on the CPU.

    Raises:
        InputError: its file is missing or damaged.
    """
    import torch

    from engine.detection.detectnet.weights import load_detectnet

    return load_detectnet(torch.device("cpu"))


def view_scene(index: int, threshold: float, merge: "Merge") -> SceneView:
    """Scene ``index`` (from 0) through the shipped net, its boxes merged.

    Raises:
        InputError: the net's file is missing or damaged.
    """
    from engine.detection.detectnet.decoding import cell_boxes, decode, propose
    from engine.detection.detectnet.judging import mark_right
    from engine.detection.detectnet.scenes import SIZE
    from engine.trainable.detect_net import DISTANCES

    pixels, truths = _scene(index)
    output, names = _shipped_output(index), shipped().class_names
    found = decode(output, SIZE, names, threshold, merge)
    is_right, found_by = mark_right(found, truths)
    return SceneView(
        pixels=pixels,
        coverage=output[:-DISTANCES].sigmoid(),
        cells=cell_boxes(output[-DISTANCES:], SIZE),
        truths=truths,
        raw=len(propose(output, SIZE, names, threshold)),
        found=found,
        is_right=is_right,
        found_by=found_by,
    )


def _scene(index: int) -> "tuple[np.ndarray, Truths]":
    import torch

    from engine.detection.average_precision import Truths
    from engine.detection.detectnet.scenes import HELD_OUT_SEED, draw_scenes

    scene = draw_scenes(SHOWN_SCENES, HELD_OUT_SEED)[index]
    return scene.pixels, Truths(torch.from_numpy(scene.boxes), torch.from_numpy(scene.labels))


@remembered(SHOWN_SCENES)
def _shipped_output(index: int) -> "Tensor":
    """float32 (classes + 4, h, w)."""
    return outputs_of(shipped().net, _scene(index)[0][None])[0]


def outputs_of(net: "object", pixels: np.ndarray) -> "Tensor":
    """float32 (N, classes + 4, h, w) of uint8 (N, H, W, 3), on one core."""
    import torch

    from engine.detection.detectnet.finding import answer
    from engine.serving.one_core import on_one_core

    batch = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255

    def forward() -> torch.Tensor:
        with torch.inference_mode():
            return answer(net, batch)  # pyright: ignore[reportArgumentType]

    return on_one_core(forward)


@dataclass(frozen=True, eq=False)
class EpochScenes:
    """The watched scenes as a net saw them at the end of an epoch; boxes of all together.

    Attributes:
        coverage: float32 (scenes, classes, h, w) in [0, 1].
        boxes: float32 (N, 4), ``xyxy``, down to a coverage of ``FLOOR``.
        scores: float32 (N,).
        labels: int64 (N,).
        scene: int64 (N,), which scene each box lies on.
        is_right: bool (N,).
    """

    coverage: "Tensor"
    boxes: "Tensor"
    scores: "Tensor"
    labels: "Tensor"
    scene: "Tensor"
    is_right: "Tensor"


def view_epoch(run: Run, epoch: int) -> EpochScenes:
    """The watched scenes through a run's net at the end of an epoch, 0 for before the first.

    Raises:
        InputError: no such checkpoint, or the run trains no detector.
    """
    from engine.runs.checkpoints import find_checkpoint

    if run.settings.net.name not in DETECTORS:
        raise InputError("run_is_no_detector", 409, name=run.name)
    if run.settings.net.name != "detectnet" or is_private(run):  # these scenes hold no class of its
        raise InputError("run_of_other_net", 409, name=run.name)
    checkpoint = find_checkpoint(run.folder, epoch)
    return _epoch_scenes(run.folder, epoch, checkpoint.step)


@remembered(64)
def _epoch_scenes(folder: Path, epoch: int, step: int) -> EpochScenes:
    import torch

    from engine.detection.detectnet.decoding import FLOOR, decode
    from engine.detection.detectnet.judging import mark_right
    from engine.detection.detectnet.scenes import SIZE
    from engine.serving.runs.epoch_view import open_at
    from engine.trainable.detect_net import DISTANCES

    opened = open_at(folder, epoch)
    scenes = [_scene(index) for index in range(WATCHED_SCENES)]
    outputs = outputs_of(opened.net, np.stack([pixels for pixels, _ in scenes]))
    found = [decode(each, SIZE, opened.classes, FLOOR) for each in outputs]
    right = [mark_right(each, truths)[0] for each, (_, truths) in zip(found, scenes, strict=True)]
    places = [torch.full((len(each),), index) for index, each in enumerate(found)]
    return EpochScenes(
        coverage=outputs[:, :-DISTANCES].sigmoid(),
        boxes=torch.cat([each.boxes for each in found]),
        scores=torch.cat([each.scores for each in found]),
        labels=torch.cat([each.labels for each in found]),
        scene=torch.cat(places),
        is_right=torch.cat(right),
    )


def watched_scenes() -> "tuple[np.ndarray, np.ndarray]":
    """Pictures uint8 (n, H, W, 3) of the watched scenes, and their objects float32 (M, 6): scene,
    label, ``xyxy``.
    """
    scenes = [_scene(index) for index in range(WATCHED_SCENES)]
    rows = [
        [index, label, *box]
        for index, (_, truths) in enumerate(scenes)
        for label, box in zip(truths.labels.tolist(), truths.boxes.tolist(), strict=True)
    ]
    return np.stack([pixels for pixels, _ in scenes]), np.array(rows, np.float32)
