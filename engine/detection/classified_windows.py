"""A classifier as a detector: every window of every size, whatever it takes each for.

MobileNetV2 averages its last map and sends the average through one dense layer. On a larger picture
the map is larger, and the average over each 7 × 7 part of it is the answer for one 224 px window:
one pass a size. Windows lie 32 px of that size apart. The convolutions pad, so a window sees its
neighbours where a crop would see zeros: close to the crop's answer, and the same where the window
is the picture.

Sources: Sermanet et al., "OverFeat", ICLR 2014; Sandler et al., "MobileNetV2", CVPR 2018.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.detection.boxes import clip
from engine.detection.detections import Detections, rank
from engine.errors import InputError

if TYPE_CHECKING:
    from torchvision.models import MobileNetV2

WINDOW_PX, STRIDE_PX = 224, 32
#: Windows' sides over the picture's shorter side.
SIDES = (0.4, 0.5, 0.63, 0.8, 1.0)
#: Longer over shorter side of a picture, at most: beyond, one pass takes too much memory.
MOST_RATIO = 12
_CELLS = WINDOW_PX // STRIDE_PX
_MEAN = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
_STD = torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)


@torch.no_grad()
def classify_windows(
    net: "MobileNetV2",
    pixels: np.ndarray,
    class_names: Sequence[str],
    sides: Sequence[float] = SIDES,
    per_window: int = 3,
    least: float = 0.05,
    most: int = 2000,
) -> Detections:
    """The best classes of every window as boxes, with nothing thinned out.

    Args:
        net: in eval mode; only read; it computes where it lies.
        pixels: uint8 ``(H, W, 3)``, RGB.
        class_names: what the net's outputs mean.
        sides: windows' sides over the picture's shorter side, each above 0 and at most 1.
        per_window: classes a window may name, at least 1.
        least: probability from which on a class is named; in [0, 1].
        most: no more than so many boxes, the best.

    Raises:
        InputError: the picture is more than 12 times as long as it is wide, or the reverse.
    """
    height, width = pixels.shape[:2]
    if max(height, width) > MOST_RATIO * min(height, width):
        raise InputError("windows_too_thin", height=height, width=width, ratio=MOST_RATIO)
    picture = torch.tensor(pixels).permute(2, 0, 1)[None].float() / 255
    boxes, scores, labels = [torch.zeros(0, 4)], [torch.zeros(0)], [torch.zeros(0).long()]
    for side in sides:
        windows, probs = _sweep(net, picture, side)
        best, classes = probs.topk(per_window, dim=1)
        named = best >= least
        boxes.append(windows[named.nonzero()[:, 0]])
        scores.append(best[named])
        labels.append(classes[named])
    every = torch.cat(scores)
    first = rank(every)[:most]
    return Detections.ranked(
        torch.cat(boxes)[first], every[first], torch.cat(labels)[first], class_names
    )


def _sweep(net: "MobileNetV2", picture: Tensor, side: float) -> tuple[Tensor, Tensor]:
    """Windows of one size: boxes ``(N, 4)`` in the picture, probabilities ``(N, classes)``."""
    height, width = picture.shape[2:]
    zoom = WINDOW_PX / (side * min(height, width))
    size = tuple(max(WINDOW_PX, round(length * zoom)) for length in (height, width))
    resized = F.interpolate(picture, size, mode="bilinear", antialias=True, align_corners=False)
    device = next(net.parameters()).device
    features = F.avg_pool2d(net.features(((resized - _MEAN) / _STD).to(device)), _CELLS, 1)[0]
    rows, columns = features.shape[1:]
    probs = net.classifier(features.flatten(1).T).softmax(dim=1).cpu()
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    corner = STRIDE_PX * torch.stack([x, y], dim=-1).reshape(-1, 2).float()
    scale = torch.tensor([width / size[1], height / size[0]])
    windows = torch.cat([corner * scale, (corner + WINDOW_PX) * scale], dim=1)
    return clip(windows, (height, width)), probs
