"""From what a net says about a window to a better box, and from a box to a net's input.

Source: facenet-pytorch's ``detect_face``, whose pixels are counted from 1 as in the authors' MATLAB
code; the ``+ 1`` and ``- 1`` below are its own.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def cell_boxes(cells: Tensor, scale: float) -> Tensor:
    """The windows of P-Net's cells on the picture.

    Args:
        cells: int64 ``(N, 2)``, row and column in P-Net's map.
        scale: size of the level over that of the picture.

    Returns:
        float32 ``(N, 4)``, ``xyxy``: 12 px of the level, one every 2 px.
    """
    corner = 2 * cells.flip(1).float()
    return torch.cat([((corner + 1) / scale).floor(), ((corner + 12) / scale).floor()], dim=1)


def calibrate(boxes: Tensor, offsets: Tensor, extra_px: int = 1) -> Tensor:
    """Move each edge by its offset, a share of the box's width or height.

    Args:
        boxes: float32 ``(N, 4)``, ``xyxy``.
        offsets: float32 ``(N, 4)``.
        extra_px: added to the width and height; 0 for P-Net, 1 for the others.

    Returns:
        float32 ``(N, 4)``; never inside out, whatever the offsets.
    """
    size = boxes[:, 2:] - boxes[:, :2] + extra_px
    moved = boxes + offsets * size.repeat(1, 2)
    return torch.cat([moved[:, :2], torch.maximum(moved[:, :2], moved[:, 2:])], dim=1)


def square(boxes: Tensor) -> Tensor:
    """Squares with the same middle and the longer side: ``(N, 4)``."""
    size = boxes[:, 2:] - boxes[:, :2]
    side = size.amax(dim=1, keepdim=True)
    start = boxes[:, :2] + size / 2 - side / 2
    return torch.cat([start, start + side], dim=1)


def overlaps_picture(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """bool ``(N,)``: boxes of which at least a pixel lies in the picture of size ``(H, W)``."""
    x1, y1, x2, y2 = _pixels(boxes, size).unbind(dim=1)
    return (x2 > x1) & (y2 > y1)


def cut_out(picture: Tensor, boxes: Tensor, side_px: int) -> Tensor:
    """What lies under each box, resampled by area; what lies outside the picture is cut off.

    Args:
        picture: float32 or uint8 ``(3, H, W)``.
        boxes: float32 ``(N, 4)``, each with a pixel in the picture.
        side_px: side of the net's input.

    Returns:
        float32 ``(N, 3, side_px, side_px)``.
    """
    height, width = picture.shape[1:]
    crops = [
        F.adaptive_avg_pool2d(picture[:, y1:y2, x1:x2].float(), side_px)
        for x1, y1, x2, y2 in _pixels(boxes, (height, width)).tolist()
    ]
    return torch.stack(crops) if crops else torch.zeros(0, 3, side_px, side_px)


def landmark_points(boxes: Tensor, places: Tensor) -> Tensor:
    """Eyes, nose and corners of the mouth in pixels of the picture.

    Args:
        boxes: float32 ``(N, 4)``, what O-Net looked at.
        places: float32 ``(N, 10)``, five shares of the width, then five of the height.

    Returns:
        float32 ``(N, 5, 2)``, x and y.
    """
    size = boxes[:, 2:] - boxes[:, :2] + 1
    shares = places.reshape(-1, 2, 5).transpose(1, 2)  # (N, 5, 2)
    return size[:, None] * shares + boxes[:, None, :2] - 1


def _pixels(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """int64 ``(N, 4)``, half-open, clipped to the picture."""
    height, width = size
    whole = boxes.trunc().long()
    start = whole[:, :2].clamp(min=1) - 1
    limit = torch.tensor([width, height], device=boxes.device)
    return torch.cat([start, torch.minimum(whole[:, 2:], limit)], dim=1)
