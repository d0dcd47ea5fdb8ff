"""What a run was at the end of an epoch: mistakes, filters, histograms, and a new picture."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.cache import remembered
from engine.errors import InputError
from engine.runs.folder import Run, find_run
from engine.runs.state import read_state
from engine.serving.training import readers
from engine.trainable.net_settings import DETECTORS, SEGMENTERS

if TYPE_CHECKING:
    from engine.runs.opening import OpenedNet
    from engine.train.learning_data import LearningData

MOST_FILTERS = 64
_KEPT_SETS, _KEPT_NETS = 2, 16


@dataclass(frozen=True, eq=False)
class EpochView:
    """The end of an epoch, as arrays and facts; see ``GET /v1/runs/{name}/epoch``."""

    arrays: dict[str, np.ndarray]
    about: dict[str, Any]


def last_epoch(folder: Path) -> int:
    """The last epoch that has ended and whose checkpoint is there, 0 before that."""
    from engine.runs.checkpoints import list_checkpoints

    kept = {each.epoch for each in list_checkpoints(folder)}
    ended = readers().curves(folder).epochs[:, 0].astype(int).tolist()
    return max((epoch for epoch in ended if epoch in kept), default=0)


def view_epoch(run: Run, epoch: int) -> EpochView:
    """What was measured at the end of an epoch (0: the last), with pictures and filters.

    Raises:
        InputError: no such epoch, a detector's, or its data cannot be had.
    """
    _check_no_detector(run)
    last = last_epoch(run.folder)
    wanted = epoch or last
    event = readers().epoch(run.folder, wanted)
    if wanted and event is None:
        raise InputError("epoch_missing", 404, name=run.name, epoch=wanted)
    opened = open_at(run.folder, wanted)
    about = {
        "epoch": wanted,
        "last": last,
        "best": readers().curves(run.folder).best_epoch,
        "status": read_state(run.folder).status,
        "classes": opened.classes,
        "limits": {"ended_epoch": {"low": 1, "high": max(1, last)}},
    }
    filters = {"filters": first_filters(opened)}
    if event is None:
        return EpochView(filters, about)
    arrays, facts = _measured(event)
    if run.settings.net.name in SEGMENTERS:
        from engine.serving.masks import view_masks

        masks, figures = view_masks(opened, event["validation"]["confusion"])
        return EpochView(arrays | masks | filters, about | facts | figures)
    arrays |= _mistakes(event["validation"]["worst"], learnt_from(run.folder))
    return EpochView(arrays | filters, about | facts)


def _check_no_detector(run: Run) -> None:
    if run.settings.net.name in DETECTORS:
        raise InputError("run_is_detector", 409, name=run.name)


def check_classifier(run: Run) -> None:
    """Refuses a run whose network does not answer with one class a picture.

    Raises:
        InputError: it finds boxes, or answers for every pixel.
    """
    _check_no_detector(run)
    if run.settings.net.name in SEGMENTERS:
        raise InputError("run_is_segmenter", 409, name=run.name)


def _mistakes(worst: list[dict[str, Any]], data: "LearningData") -> dict[str, np.ndarray]:
    """The surest mistakes of an epoch's event, as pictures and facts."""
    indices = [each["index"] for each in worst]
    pictures = data.validation_images[indices].permute(0, 2, 3, 1).contiguous().numpy()
    facts = [[e["index"], e["target"], e["predicted"], e["prob"]] for e in worst]
    return {"worst": pictures, "worst_facts": np.array(facts, np.float32).reshape(-1, 4)}


def _measured(event: dict[str, Any]) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays and figures that an epoch's event has of every network."""
    held, layers = event["validation"], event["layers"]
    arrays = {
        "confusion": np.array(held["confusion"], np.int32),
        **_stack(layers, "weights"),
        **_stack(layers, "gradients"),
    }
    about = {
        "layers": list(layers),
        "weight_norms": [each["weight_norm"] for each in layers.values()],
        "gradient_norms": [each["gradient_norm"] for each in layers.values()],
        "accuracy": held["accuracy"],
        "loss": held["loss"],
    }
    return arrays, about


def _stack(layers: dict[str, Any], what: str) -> dict[str, np.ndarray]:
    """Histograms of all layers: ``<what>`` int32 (layers, bins), their ranges float32 (layers, 2).

    A layer without one (frozen) has zeros.
    """
    found = [each[what] for each in layers.values()]
    bins = max((len(each["counts"]) for each in found if each), default=1)
    counts = [each["counts"] if each else [0] * bins for each in found]
    ranges = [(each["low"] or 0, each["high"] or 0) if each else (0, 0) for each in found]
    return {
        what: np.array(counts, np.int32).reshape(-1, bins),
        f"{what}_range": np.array(ranges, np.float32).reshape(-1, 2),
    }


def first_filters(opened: "OpenedNet") -> np.ndarray:
    """The first layer's weights as small pictures, float32 (filters, C, h, w), at most 64.

    A linear layer on pixels has one filter as large as the picture for each of its units.
    """
    from engine.train.gradients import layer_weights

    weight = next(iter(layer_weights(opened.net).values())).detach()
    if weight.dim() == 2:
        weight = weight.reshape(len(weight), *opened.input_shape)
    return weight[:MOST_FILTERS].float().numpy()


def open_at(folder: Path, epoch: int | None) -> "OpenedNet":
    """The network at an epoch's end, kept among the last ones opened."""
    from engine.runs.checkpoints import find_checkpoint

    checkpoint = find_checkpoint(folder, epoch)
    return _open(folder, checkpoint.epoch, checkpoint.step)


@remembered(_KEPT_NETS)
def _open(folder: Path, epoch: int, step: int) -> "OpenedNet":
    from engine.runs.opening import open_net

    return open_net(folder, epoch)


def learnt_from(folder: Path) -> "LearningData":
    """The pictures of a run, kept for the last runs looked at."""
    run = find_run(folder.name, folder.parent)
    return _load(folder, run.created)


@remembered(_KEPT_SETS)
def _load(folder: Path, created: float) -> "LearningData":
    from engine.runs.own_data import load_for_run

    return load_for_run(folder, find_run(folder.name, folder.parent).settings)


def classify_with(run: Run, epoch: int | None, pixels: np.ndarray) -> EpochView:
    """A picture, uint8 (H, W, 3), through a run's network.

    The picture's middle is scaled to what the network has learnt from, and made grey for a network
    of grey pictures.

    For a segmenter ``said`` holds each pixel's class, and the probabilities are its mean over all
    pixels.

    Raises:
        InputError: no such checkpoint, or a detector's.
    """
    import torch

    from engine.serving.one_core import on_one_core

    _check_no_detector(run)
    opened = open_at(run.folder, epoch or None)
    begun = perf_counter()
    seen = fit_to(opened, pixels)
    batch = torch.from_numpy(seen).permute(2, 0, 1)[None]

    def forward() -> torch.Tensor:
        with torch.inference_mode():
            return opened.net(opened.prepare(batch)).softmax(dim=1)[0]

    probs = on_one_core(forward).float()
    about = {
        "classes": opened.classes,
        "epoch": opened.checkpoint.epoch,
        "status": read_state(run.folder).status,
        "ms": (perf_counter() - begun) * 1000,
    }
    if probs.dim() == 1:
        return EpochView({"seen": seen, "probs": probs.numpy()}, about)
    said = probs.argmax(dim=0).byte().numpy()
    arrays = {"seen": seen, "said": said, "probs": probs.mean(dim=(1, 2)).numpy()}
    return EpochView(arrays, about | {"masks": True})


def fit_to(opened: "OpenedNet", pixels: np.ndarray) -> np.ndarray:
    """uint8 (h, w, 3) as the network takes it: uint8 (H, W, C)."""
    from PIL import Image

    from engine.data.taken_pictures import fit_picture

    channels, height, width = opened.input_shape
    fitted = fit_picture(pixels, (height, width), "crop")
    if channels == 1:
        fitted = np.asarray(Image.fromarray(fitted).convert("L"))[..., None]
    return np.array(fitted)
