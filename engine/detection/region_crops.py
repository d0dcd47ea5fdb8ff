"""R-CNN's second look: every proposed box cut out, warped to one size, and classified; and the same
boxes cut out of one feature map instead, so that the picture goes through the network only once.

The network is the same both ways, MobileNetV2. Its leading blocks run either on every warped crop
(R-CNN) or once on the whole picture (Fast R-CNN); the blocks that are left run on every crop. A
crop of the picture ends in zeros where the convolutions pad; a crop of the map has seen what lies
around.

Sources: Girshick et al., "Rich feature hierarchies for accurate object detection", CVPR 2014
(R-CNN: warped crops); Girshick, "Fast R-CNN", ICCV 2015; He et al., "Mask R-CNN", ICCV 2017
(RoIAlign, here ``torchvision.ops.roi_align``).
"""

import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.models import MobileNetV2
from torchvision.ops import roi_align

#: Leading blocks of MobileNetV2 that run before its map has this stride, in pixels.
BLOCKS_BEFORE = {8: 7, 16: 14, 32: 19}
_SAMPLES = 2  # a side of each cell, as in torchvision's Faster R-CNN


def warp_crops(picture: Tensor, boxes: Tensor, side_px: int) -> Tensor:
    """Each box of a picture as a square, whatever its own shape.

    Args:
        picture: float32 (3, H, W).
        boxes: int64 (N, 4), ``xyxy`` in pixels, half-open, inside the picture, none empty.
        side_px: of the squares.

    Returns:
        float32 (N, 3, side_px, side_px).
    """
    warped = [
        F.interpolate(
            picture[None, :, y1:y2, x1:x2],
            (side_px, side_px),
            mode="bilinear",
            align_corners=False,
            antialias=True,
        )
        for x1, y1, x2, y2 in boxes.tolist()
    ]
    return torch.cat(warped) if warped else picture.new_zeros(0, 3, side_px, side_px)


def make_map(net: MobileNetV2, picture: Tensor, stride_px: int) -> Tensor:
    """The feature map of a whole picture.

    Args:
        net: in eval mode.
        picture: float32 (3, H, W), normalised.
        stride_px: a key of ``BLOCKS_BEFORE``.

    Returns:
        float32 (1, C, H / stride_px, W / stride_px), rounded up.
    """
    return net.features[: BLOCKS_BEFORE[stride_px]](picture[None])


def align_crops(feature_map: Tensor, boxes: Tensor, stride_px: int, cells: int) -> Tensor:
    """Each box of a feature map as a square of cells, read between the map's cells (RoIAlign).

    Args:
        feature_map: float32 (1, C, h, w).
        boxes: float32 (N, 4), ``xyxy`` in pixels of the picture.
        stride_px: of the map.
        cells: a side of the squares.

    Returns:
        float32 (N, C, cells, cells).
    """
    return roi_align(
        feature_map, [boxes.float()], cells, 1 / stride_px, sampling_ratio=_SAMPLES, aligned=True
    )


def classify_crops(net: MobileNetV2, crops: Tensor, stride_px: int = 0) -> Tensor:
    """The classes of crops, by the blocks that have not run yet.

    Args:
        net: in eval mode.
        crops: float32 (N, 3, side, side) of the normalised picture, or (N, C, cells, cells) of its
            map.
        stride_px: of the map that they come from; 0 for the picture itself.

    Returns:
        Probabilities, float32 (N, classes).
    """
    done = BLOCKS_BEFORE[stride_px] if stride_px else 0
    features = net.features[done:](crops)
    return net.classifier(features.mean(dim=(2, 3))).softmax(dim=1)
