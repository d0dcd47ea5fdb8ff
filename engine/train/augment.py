"""Augmentation by torchvision's transforms (v2), each picture by itself.

Lengths are shares of the picture's shorter side, so that a large picture and a small one are
changed alike. Sources: AutoAugment (Cubuk et al. 2018), RandAugment (2019), TrivialAugment (Müller
& Hutter 2021) as in ``torchvision.transforms.v2``, with torchvision's own settings where strength
has no meaning.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torchvision.transforms import v2

from engine.fields import read_graded

Size = tuple[int, int]

_BILINEAR = v2.InterpolationMode.BILINEAR
_BLUR_PER_PX = 1 / 32  # of the shorter side: 1 pixel where that is 32


def _blur(strength: float, size: Size) -> v2.Transform:
    unit_px = min(size) * _BLUR_PER_PX
    kernel_px = 2 * max(1, round(unit_px)) + 1
    return v2.GaussianBlur(kernel_px, sigma=(0.1 * unit_px, (0.1 + 2 * strength) * unit_px))


_BY_STRENGTH: dict[str, Callable[[float, Size], v2.Transform]] = {
    "flip": lambda strength, size: v2.RandomHorizontalFlip(strength),
    "flip_vertical": lambda strength, size: v2.RandomVerticalFlip(strength),
    "crop": lambda strength, size: v2.RandomCrop(
        size, padding=max(1, round(min(size) * 0.25 * strength)), padding_mode="reflect"
    ),
    "zoom": lambda strength, size: v2.RandomResizedCrop(
        size, scale=(1 - 0.92 * strength, 1), ratio=(0.75**strength, 0.75**-strength)
    ),
    "rotate": lambda strength, size: v2.RandomRotation(
        [-60 * strength, 60 * strength], interpolation=_BILINEAR
    ),
    "perspective": lambda strength, size: v2.RandomPerspective(
        0.6 * strength, p=1, interpolation=_BILINEAR
    ),
    "colour": lambda strength, size: v2.ColorJitter(
        0.8 * strength, 0.8 * strength, 0.8 * strength, 0.2 * strength
    ),
    "erase": lambda strength, size: v2.RandomErasing(0.5, scale=(0.02, 0.02 + 0.4 * strength)),
    "blur": _blur,
    "auto_augment": lambda strength, size: v2.AutoAugment(v2.AutoAugmentPolicy.CIFAR10),
    "rand_augment": lambda strength, size: v2.RandAugment(magnitude=round(18 * strength)),
    "trivial_augment": lambda strength, size: v2.TrivialAugmentWide(),
}


def make_transforms(
    names: tuple[str, ...], strength: float, size: Size
) -> list[tuple[str, v2.Transform]]:
    """The transforms of those names, in their order, each with its name.

    Args:
        names: of ``engine.train.settings.AUGMENTATIONS``; "rotate:0.3" has a strength of its own.
        strength: in [0, 1], of the others; 0.5 is usual. AutoAugment and TrivialAugmentWide have
            none. It is how often a flip happens, and how far at most everything else goes.
        size: (H, W) of the pictures, which they keep.
    """
    made = []
    for name, own in map(read_graded, names):
        made.append((name, _BY_STRENGTH[name](strength if own is None else own, size)))
    return made


def make_transform(
    names: tuple[str, ...], strength: float, size: Size
) -> Callable[[Tensor], Tensor] | None:
    """The transforms of :func:`make_transforms` one after the other; None where there are none.

    Returns:
        A function from uint8 (C, H, W) to the same; it draws from torch's global generator.
    """
    if not names:
        return None
    return v2.Compose([each for _, each in make_transforms(names, strength, size)])


def augment(images: Tensor, transform: Callable[[Tensor], Tensor]) -> Tensor:
    """Each of the pictures changed by itself, as if drawn one at a time.

    Args:
        images: uint8 (N, C, H, W). Grey ones pass as RGB, since some policies need three channels.
        transform: from :func:`make_transform`.
    """
    channels = images.shape[1]
    rgb = images.expand(-1, 3, -1, -1) if channels == 1 else images
    changed = torch.stack([transform(image) for image in rgb])
    return changed[:, :1] if channels == 1 else changed
