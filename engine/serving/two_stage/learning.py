"""Faster R-CNN while it learns: what a training is told, and what its net saw after each epoch."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.cache import remembered
from engine.detection.average_precision import Truths
from engine.detection.detectnet.judging import mark_right
from engine.detection.detectnet.scenes import HELD_OUT_SEED, SIZE, draw_scenes
from engine.detection.scene_nets.judging import find_in_scenes
from engine.errors import InputError
from engine.runs.folder import Run
from engine.serving.one_core import on_one_core
from engine.serving.two_stage.contract import SHOWN_SCENES
from engine.serving.two_stage.opened import NAME, normalised, shipped
from engine.train.settings import SCENES, DataSettings, DetectorSettings, RunSettings, TrainSettings
from engine.trainable.faster_rcnn import STRIDE_PX, SmallFasterRCNN
from engine.trainable.net_settings import net_defaults

WATCHED_SCENES = 4  # of these, while a net learns
OWN_SCENES, BATCH_SIZE = 400, 8
_PLACES = tuple(-(-side // STRIDE_PX) for side in SIZE)


def own_training(learning_rate: float, epochs: int) -> RunSettings:
    """A training from the beginning."""
    return RunSettings(
        data=DataSettings(SCENES),
        net=net_defaults(NAME),
        train=TrainSettings(epochs=epochs, batch_size=BATCH_SIZE, learning_rate=learning_rate),
        detector=DetectorSettings(OWN_SCENES),
    )


def watched_scenes() -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Pictures uint8 (n, H, W, 3), and their objects float32 (M, 6): scene, label, ``xyxy``."""
    scenes = [draw_scenes(SHOWN_SCENES, HELD_OUT_SEED)[k] for k in range(WATCHED_SCENES)]
    rows = [
        [index, label, *box]
        for index, scene in enumerate(scenes)
        for label, box in zip(scene.labels.tolist(), scene.boxes.tolist(), strict=True)
    ]
    pictures = np.stack([each.pixels for each in scenes])
    about = {"classes": list(shipped().class_names)}
    return {"pictures": pictures, "truths": np.array(rows, np.float32)}, about


def view_epoch(run: Run, epoch: int) -> dict[str, np.ndarray]:
    """The watched scenes through a run's net at the end of an epoch, 0 for before the first.

    Raises:
        InputError: no such checkpoint, or the run trains something else.
    """
    from engine.runs.checkpoints import find_checkpoint

    if run.settings.net.name != NAME:
        raise InputError("run_of_other_net", 409, name=run.name)
    checkpoint = find_checkpoint(run.folder, epoch)
    return _look(run.folder, epoch, checkpoint.step)


@remembered(64)
def _look(folder: Path, epoch: int, step: int) -> dict[str, np.ndarray]:
    from engine.serving.runs.epoch_view import open_at

    opened = open_at(folder, epoch)
    net = opened.net
    assert isinstance(net, SmallFasterRCNN)
    scenes = [draw_scenes(SHOWN_SCENES, HELD_OUT_SEED)[k] for k in range(WATCHED_SCENES)]
    images = torch.from_numpy(np.stack([each.pixels for each in scenes])).permute(0, 3, 1, 2)
    found = on_one_core(find_in_scenes, net, images, opened.mean, opened.std, opened.classes)
    right = [
        mark_right(each, Truths(torch.from_numpy(s.boxes), torch.from_numpy(s.labels)))[0]
        for each, s in zip(found, scenes, strict=True)
    ]
    return {
        "objectness": np.stack([_objectness(net, each.pixels) for each in scenes]),
        "boxes": torch.cat([each.boxes for each in found]).numpy(),
        "scores": torch.cat([each.scores for each in found]).numpy(),
        "labels": torch.cat([each.labels for each in found]).int().numpy(),
        "scene": np.repeat(np.arange(len(found), dtype=np.int32), [len(each) for each in found]),
        "right": torch.cat(right).byte().numpy(),
    }


def _objectness(net: SmallFasterRCNN, pixels: np.ndarray) -> np.ndarray:
    """float32 (rows, columns) in [0, 1]: of the anchors at each place the likeliest."""

    @torch.inference_mode()
    def look() -> torch.Tensor:
        said = net(normalised(pixels))[0, :, 0].sigmoid()
        return said.reshape(*_PLACES, -1).amax(dim=-1)

    return on_one_core(look).numpy()
