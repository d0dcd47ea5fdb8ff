"""Patches of the eight photographs that are on every machine: which one is a patch from?

The right-hand fifth of each photograph is held out: patches to be judged by come from there alone.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.inception.module import PATCH_PX
from engine.pictures.samples import SAMPLE_NAMES, sample

SIDES_PX = (32, 48, 64)  # of what is cut, before it is scaled to PATCH_PX
HELD_OUT_FROM = 0.8  # of a photograph's width
CLASSES = SAMPLE_NAMES


def cut_photo_patches(count: int, seed: int, held_out: bool) -> tuple[Tensor, Tensor]:
    """Patches at places drawn at random, each photograph as often as the others.

    Args:
        count: how many.
        seed: of the places.
        held_out: from the right-hand fifth; else from the rest.

    Returns:
        uint8 ``(count, 32, 32, 3)``, int64 ``(count,)``, indices into :data:`CLASSES`.
    """
    generator = torch.Generator().manual_seed(seed)
    photos = [torch.tensor(sample(name).pixels).permute(2, 0, 1) for name in CLASSES]
    targets = torch.arange(count) % len(photos)
    patches = [_cut(photos[int(target)], held_out, generator) for target in targets]
    return torch.stack(patches).permute(0, 2, 3, 1).contiguous(), targets


def _cut(photo: Tensor, held_out: bool, generator: torch.Generator) -> Tensor:
    """One patch of a photograph, uint8 (3, H, W), scaled by averaging."""
    _, height, width = photo.shape
    border = int(width * HELD_OUT_FROM)
    low, high = (border, width) if held_out else (0, border)
    side = min(SIDES_PX[_below(len(SIDES_PX), generator)], height, high - low)
    top = _below(height - side + 1, generator)
    left = low + _below(high - low - side + 1, generator)
    cut = photo[:, top : top + side, left : left + side].float()
    return F.interpolate(cut[None], (PATCH_PX, PATCH_PX), mode="area")[0].round().byte()


def _below(end: int, generator: torch.Generator) -> int:
    return int(torch.randint(end, (1,), generator=generator))
