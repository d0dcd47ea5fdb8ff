"""What a panoptic net should answer for each pixel of a drawn scene.

Source: Cheng et al., "Panoptic-DeepLab", CVPR 2020, section 3.2: a Gaussian around the centre of
each thing, and the offset from each of its pixels to that centre.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.data.panoptic_scenes import PanopticScene

#: Standard deviation of the Gaussians. The paper has 8 px for things of any size at 1025 x 2049;
#: ours have 16 to 30 px, and two centres may lie 10 px apart.
SIGMA_PX = 2.5


class PanopticTargets(NamedTuple):
    """The truth about N scenes, as the net should answer it.

    Attributes:
        semantic: int64 (N, H, W), classes.
        centres: float32 (N, H, W) in [0, 1], the highest Gaussian of any thing.
        offsets: float32 (N, 2, H, W), (x, y) in pixels to the centre of the thing; 0 on stuff.
        things: bool (N, H, W).
    """

    semantic: Tensor
    centres: Tensor
    offsets: Tensor
    things: Tensor


def make_targets(scenes: Sequence[PanopticScene], sigma_px: float = SIGMA_PX) -> PanopticTargets:
    """The targets of scenes of one size, at least one; on the CPU."""
    parts = [_target(scene, sigma_px) for scene in scenes]
    instance = torch.from_numpy(np.stack([scene.instance for scene in scenes]))
    return PanopticTargets(
        semantic=torch.from_numpy(np.stack([scene.semantic for scene in scenes])).long(),
        centres=torch.from_numpy(np.stack([centres for centres, _ in parts])),
        offsets=torch.from_numpy(np.stack([offsets for _, offsets in parts])),
        things=instance > 0,
    )


def stack_pictures(scenes: Sequence[PanopticScene]) -> Tensor:
    """Pictures of one size as uint8 (N, 3, H, W)."""
    pixels = np.stack([scene.pixels for scene in scenes])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous()


def _target(scene: PanopticScene, sigma_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Centres (H, W) and offsets (2, H, W) of one scene, float32."""
    height, width = scene.instance.shape
    x, y = np.arange(width, dtype=np.float32) + 0.5, np.arange(height, dtype=np.float32) + 0.5
    heat = np.zeros((height, width), np.float32)
    for cx, cy in scene.centres:
        across = np.exp(-((x - cx) ** 2) / (2 * sigma_px**2))
        down = np.exp(-((y - cy) ** 2) / (2 * sigma_px**2))
        heat = np.maximum(heat, down[:, None] * across)
    owners = np.concatenate([np.zeros((1, 2), np.float32), scene.centres])[scene.instance]
    offsets = owners - np.stack(np.meshgrid(x, y), axis=2)  # (H, W, 2)
    offsets[scene.instance == 0] = 0
    return heat, np.ascontiguousarray(offsets.transpose(2, 0, 1))
