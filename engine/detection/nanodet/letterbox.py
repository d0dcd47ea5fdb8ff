"""A picture of any size in the square that the network sees, and boxes back on the picture.

The picture keeps its shape and lies in the middle, with black around it, as in training. Stretched
to the square instead, things look unlike what the network has learnt.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.detection.boxes import clip
from engine.pictures.raster import resize_to

INPUT_PX = 416


@dataclass(frozen=True)
class Letterbox:
    """Where a picture lies in the square.

    Attributes:
        size: (H, W) of the picture in pixels.
        scaled: (h, w) of the picture in the square, each at least 1.
        corner: (top, left) of the picture in the square.
        side_px: the square's side.
    """

    size: tuple[int, int]
    scaled: tuple[int, int]
    corner: tuple[int, int]
    side_px: int = INPUT_PX

    def to_picture(self, boxes: Tensor) -> Tensor:
        """Boxes in the square, float (..., 4) ``xyxy``, in the picture's pixels; cut at its edge.

        What lies entirely beside the picture keeps no area.
        """
        origin, factors = self._moves(boxes)
        return clip((boxes - origin) / factors, self.size)

    def to_square(self, boxes: Tensor) -> Tensor:
        """Boxes in the picture's pixels, float (..., 4) ``xyxy``, in the square's."""
        origin, factors = self._moves(boxes)
        return boxes * factors + origin

    def _moves(self, boxes: Tensor) -> tuple[Tensor, Tensor]:
        top, left = self.corner
        down, across = (to / of for of, to in zip(self.size, self.scaled, strict=True))
        origin = boxes.new_tensor([left, top, left, top])
        return origin, boxes.new_tensor([across, down, across, down])


def fit(
    size: tuple[int, int], keep_shape: bool = True, zoom: float = 1.0, side_px: int = INPUT_PX
) -> Letterbox:
    """Where a picture of ``size`` (H, W) lies in the square, its longer side as long as that.

    Args:
        size: (H, W) in pixels, at least 1.
        keep_shape: False stretches the picture over the whole square.
        zoom: what the longer side is of the square's, above 0, at most 1; read with
            ``keep_shape`` only.
        side_px: the square's side.
    """
    if not keep_shape:
        return Letterbox(size, (side_px, side_px), (0, 0), side_px)
    share = zoom * side_px / max(size)
    height, width = (max(1, round(side * share)) for side in size)
    corner = ((side_px - height) // 2, (side_px - width) // 2)
    return Letterbox(size, (height, width), corner, side_px)


def put_in(pixels: np.ndarray, place: Letterbox) -> np.ndarray:
    """The square that the network sees: uint8 (H, W, 3) → uint8 (side, side, 3), still RGB.

    None of a large photo's pixels is skipped.
    """
    (height, width), (top, left) = place.scaled, place.corner
    square = np.zeros((place.side_px, place.side_px, 3), np.uint8)
    square[top : top + height, left : left + width] = resize_to(pixels, place.scaled)
    return square


def normalise(squares: np.ndarray, device: torch.device) -> Tensor:
    """As the network wants them: uint8 (N, 416, 416, 3) RGB → float32 (N, 3, 416, 416) BGR.

    Returns:
        On ``device``, channels last in memory, which is where such a network is fastest.
    """
    batch = torch.from_numpy(squares[..., ::-1].copy()).to(device).permute(0, 3, 1, 2)
    mean, std = (batch.new_tensor(numbers, dtype=torch.float32) for numbers in (MEAN_BGR, STD_BGR))
    return (batch - mean[:, None, None]) / std[:, None, None]


MEAN_BGR = (103.53, 116.28, 123.675)  # of blue, green, red, over ImageNet, in [0, 255]
STD_BGR = (57.375, 57.12, 58.395)
