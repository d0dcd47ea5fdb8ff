"""Augmentation by torchvision's transforms (v2), each picture by itself.

Sources: AutoAugment (Cubuk et al. 2018), RandAugment (2019), TrivialAugment (Müller & Hutter 2021)
as in ``torchvision.transforms.v2``, with torchvision's own defaults where strength has no meaning.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torchvision.transforms import v2

_BY_STRENGTH: dict[str, Callable[[float, tuple[int, int]], v2.Transform]] = {
    "flip": lambda strength, size: v2.RandomHorizontalFlip(0.5),
    "crop": lambda strength, size: v2.RandomCrop(
        size, padding=max(1, round(min(size) * 0.25 * strength)), padding_mode="reflect"
    ),
    "rotate": lambda strength, size: v2.RandomRotation(
        [-60 * strength, 60 * strength], interpolation=v2.InterpolationMode.BILINEAR
    ),
    "colour": lambda strength, size: v2.ColorJitter(
        0.8 * strength, 0.8 * strength, 0.8 * strength, 0.2 * strength
    ),
    "erase": lambda strength, size: v2.RandomErasing(0.5, scale=(0.02, 0.02 + 0.4 * strength)),
    "blur": lambda strength, size: v2.GaussianBlur(3, sigma=(0.1, 0.1 + 2 * strength)),
    "auto_augment": lambda strength, size: v2.AutoAugment(v2.AutoAugmentPolicy.CIFAR10),
    "rand_augment": lambda strength, size: v2.RandAugment(magnitude=round(18 * strength)),
    "trivial_augment": lambda strength, size: v2.TrivialAugmentWide(),
}


def make_transform(
    names: tuple[str, ...], strength: float, size: tuple[int, int]
) -> Callable[[Tensor], Tensor] | None:
    """The transforms of those names, one after the other; None where there are none.

    Args:
        names: of ``engine.train.settings.AUGMENTATIONS``.
        strength: in [0, 1]; 0.5 is usual. The three policies but RandAugment have none.
        size: (H, W) of the pictures, which they keep.

    Returns:
        A function from uint8 (C, H, W) to the same; it draws from torch's global generator.
    """
    if not names:
        return None
    return v2.Compose([_BY_STRENGTH[name](strength, size) for name in names])


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
