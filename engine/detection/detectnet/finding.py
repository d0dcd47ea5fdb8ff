"""A trained DetectNet on pictures of any size: scaled down if large, padded to whole cells."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.detection.boxes import clip
from engine.detection.detections import Detections
from engine.detection.detectnet.decoding import Merge, decode
from engine.detection.detectnet.scenes import MEAN, STD
from engine.detection.detectnet.weights import TrainedDetectNet
from engine.errors import InputError
from engine.trainable.detect_net import STRIDE_PX, DetectNet

LONGEST_PX = 640


@torch.inference_mode()
def find_objects(
    trained: TrainedDetectNet, pixels: np.ndarray, threshold: float = 0.5, merge: Merge = "nms"
) -> Detections:
    """Circles, squares and triangles on a picture, as the scenes have them.

    The net knows objects of 14 to 28 px and nothing else; on a photograph it finds what looks so.

    Args:
        trained: of :func:`engine.detection.detectnet.weights.load_detectnet`.
        pixels: uint8 (H, W, 3), RGB, H and W >= 1; scaled so that no side is above ``LONGEST_PX``.
        threshold: least coverage, in [0, 1].
        merge: see :func:`engine.detection.detectnet.decoding.decode`.

    Returns:
        Boxes in pixels of the picture as it was given.

    Raises:
        InputError: the threshold is out of range.
        ValueError: not a picture.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise ValueError(f"uint8 (H, W, 3) is needed, not {pixels.dtype} {pixels.shape}")
    if not 0 <= threshold <= 1:
        raise InputError("value_out_of_range", name="score", low=0, high=1, value=threshold)
    height, width = pixels.shape[:2]
    device = next(trained.net.parameters()).device
    batch = torch.tensor(pixels, device=device).permute(2, 0, 1)[None]
    batch = _scale_down(batch.float() / 255)
    size = (batch.shape[2], batch.shape[3])
    output = answer(trained.net, batch)[0].float().cpu()
    found = decode(output, size, trained.class_names, threshold, merge)
    back = torch.tensor([width / size[1], height / size[0]] * 2)
    boxes = clip(found.boxes * back, (height, width))
    return Detections.ranked(boxes, found.scores, found.labels, found.class_names)


def answer(net: DetectNet, batch: Tensor) -> Tensor:
    """The net's answers; a side that is no multiple of the stride goes on as its edge ends.

    Args:
        net: on the batch's device.
        batch: float32 (N, 3, h, w), pixels in [0, 1].

    Returns:
        float32 (N, classes + 4, rows, columns), cells enough for all of the picture.
    """
    height, width = batch.shape[2:]
    missing = (0, -width % STRIDE_PX, 0, -height % STRIDE_PX)
    return net(F.pad((batch - MEAN) / STD, missing, mode="replicate"))


def _scale_down(batch: Tensor) -> Tensor:
    """float32 (1, 3, H, W) so that its longer side is at most ``LONGEST_PX``."""
    height, width = batch.shape[2:]
    share = LONGEST_PX / max(height, width)
    if share >= 1:
        return batch
    size = (max(1, round(height * share)), max(1, round(width * share)))
    return F.interpolate(batch, size, mode="bilinear", align_corners=False, antialias=True)
