"""One picture augmented again and again, and what was drawn for each sample.

torchvision's v2 transforms draw in ``make_params``, which is called only if the transform's coin
says so; the policies hand each operation and its magnitude to one method. Both are listened to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torchvision.transforms import v2

from engine.train.augment import make_transforms
from engine.train.seeding import seeded

_OPERATE = "_apply_image_or_video_transform"  # of the policies; gone, their draws stay untold


@dataclass(frozen=True)
class Draw:
    """What one transform drew for one sample.

    Attributes:
        name: of ``engine.train.settings.AUGMENTATIONS``.
        values: numbers by name, see :func:`_VALUES`; empty where the draw has none (a flip), None
            where the coin left the picture alone.
        operations: of a policy: torchvision's names with their magnitudes, in order.
    """

    name: str
    values: dict[str, float] | None
    operations: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Sample:
    """An augmented picture, uint8 (3, H, W), and a draw for each transform, in their order."""

    image: Tensor
    draws: tuple[Draw, ...]


def draw_samples(
    image: Tensor, names: tuple[str, ...], strength: float, seed: int, count: int
) -> list[Sample]:
    """Samples of one picture, by the transforms that a training with these names uses.

    Each transform of each sample starts from a seed of its own, so that a change of one leaves
    what the others draw as it was.

    Args:
        image: uint8 (C, H, W), C = 1 or 3; a grey one passes as RGB.
        names, strength: as for :func:`engine.train.augment.make_transforms`.
        seed: of the draws.
        count: of the samples.
    """
    rgb = image.expand(3, -1, -1)
    size = (rgb.shape[1], rgb.shape[2])
    transforms = make_transforms(names, strength, size)
    samples = []
    for number in range(count):
        changed, draws = rgb, []
        for name, transform in transforms:
            with seeded(torch.device("cpu"), seed, "sample", number, name):
                changed, draw = _listen(name, transform, changed, size)
            draws.append(draw)
        samples.append(Sample(changed, tuple(draws)))
    return samples


def _listen(
    name: str, transform: v2.Transform, image: Tensor, size: tuple[int, int]
) -> tuple[Tensor, Draw]:
    """The changed picture and what was drawn to change it; the transform is used once."""
    params: list[dict[str, Any]] = []
    operations: list[tuple[str, float]] = []
    make_params, operate = transform.make_params, getattr(transform, _OPERATE, None)

    def make_and_note(flat_inputs: list[Any]) -> dict[str, Any]:
        params.append(make_params(flat_inputs))
        return params[-1]

    def note_and_operate(picture: Tensor, operation: str, magnitude: float, **more: Any) -> Tensor:
        operations.append((operation, magnitude))
        assert operate is not None
        return operate(picture, operation, magnitude, **more)

    if operate is None:
        transform.make_params = make_and_note
    else:
        setattr(transform, _OPERATE, note_and_operate)
    try:
        changed = transform(image)
    finally:
        del transform.__dict__["make_params" if operate is None else _OPERATE]
    if operate is not None:
        return changed, Draw(name, {}, tuple(operations))
    return changed, Draw(name, _VALUES[name](params[0], size) if params else None)


def _shift(params: dict[str, Any], size: tuple[int, int]) -> dict[str, float]:
    left, _, top, _ = params["padding"]
    return {"right_px": left - params["left"], "down_px": top - params["top"]}


def _zoom(params: dict[str, Any], size: tuple[int, int]) -> dict[str, float]:
    height, width = params["height"], params["width"]
    return {
        "share": height * width / (size[0] * size[1]),
        "width_px": width,
        "height_px": height,
        "left_px": params["left"],
        "top_px": params["top"],
    }


def _corners(params: dict[str, Any], size: tuple[int, int]) -> dict[str, float]:
    """How far the corner that moved farthest has moved; the coefficients map back to the source."""
    right, bottom = size[1] - 1, size[0] - 1
    back = torch.tensor([*params["coefficients"], 1.0], dtype=torch.float64).view(3, 3)
    corners = torch.tensor([[0, right, right, 0], [0, 0, bottom, bottom], [1, 1, 1, 1]])
    found = torch.linalg.solve(back, corners.double())
    moved = found[:2] / found[2] - corners[:2]
    return {"corner_px": float(moved.norm(dim=0).max())}


def _jitter(params: dict[str, Any], size: tuple[int, int]) -> dict[str, float]:
    names = ("brightness", "contrast", "saturation", "hue")
    factors = {name: params[f"{name}_factor"] for name in names}
    return {name: float(factor) for name, factor in factors.items() if factor is not None}


def _hole(params: dict[str, Any], size: tuple[int, int]) -> dict[str, float]:
    if params["v"] is None:  # ten tries found no rectangle that fits
        return {"share": 0.0, "width_px": 0, "height_px": 0}
    height, width = params["h"], params["w"]
    share = height * width / (size[0] * size[1])
    return {"share": share, "width_px": width, "height_px": height}


_VALUES: dict[str, Callable[[dict[str, Any], tuple[int, int]], dict[str, float]]] = {
    "flip": lambda params, size: {},
    "flip_vertical": lambda params, size: {},
    "crop": _shift,
    "zoom": _zoom,
    "rotate": lambda params, size: {"degrees": params["angle"]},
    "perspective": _corners,
    "colour": _jitter,
    "erase": _hole,
    "blur": lambda params, size: {"sigma_px": params["sigma"][0]},
}
