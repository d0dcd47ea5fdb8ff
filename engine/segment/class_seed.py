"""Where the class that a classifier sees lies: Grad-CAM over the whole picture.

The classifier was never told where anything is, and yet its map shows it, coarsely. The class is
the one that it names of what its preset cuts out, as wherever it is asked. Where that lies is asked
of the picture scaled as the preset says but not cut, so that no part goes unseen; MobileNetV2 takes
the mean over all places, however many there are.

Sources: Zhou et al., "Learning deep features for discriminative localization", CVPR 2016 (where a
classifier looks is where the thing is); Selvaraju et al., "Grad-CAM", ICCV 2017.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torchvision.transforms import functional as F

from engine.explain.grad_cam import grad_cam, grad_cam_layer, upsampled
from engine.explain.target_score import TargetScore
from engine.nets.catalog import find_classifier
from engine.nets.classify import MAX_SIDE_RATIO, classify, preprocess, top_k
from engine.nets.residence import residence

CLASSIFIER = "mobilenet_v2"


@dataclass(frozen=True, eq=False)
class ClassSeed:
    """What a classifier says of a picture, and where.

    Attributes:
        class_name: the most probable class of what the classifier's preset cuts out.
        prob: its probability there, in [0, 1].
        coarse: float32 (h, w), Grad-CAM at the size of the network's last map, signed.
        map: float32 (H, W), what speaks for the class, brought to the size asked for; in [0, 1],
            its largest value 1, or 0 everywhere where nothing does.
    """

    class_name: str
    prob: float
    coarse: np.ndarray
    map: np.ndarray


def find_seed(pixels: np.ndarray, size: tuple[int, int] | None = None) -> ClassSeed:
    """Grad-CAM of the class that MobileNetV2 finds most probable.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        size: (H, W) of the map; by default the picture's.

    Raises:
        InputError: the classifier's weights are not at hand.
    """
    return seed_of(residence().private_copy(CLASSIFIER), pixels, size)


def seed_of(net: nn.Module, pixels: np.ndarray, size: tuple[int, int] | None = None) -> ClassSeed:
    """As :func:`find_seed`, with a private copy of the classifier, which is hooked meanwhile."""
    device, entry = next(net.parameters()).device, find_classifier(CLASSIFIER)
    probs = classify(net, preprocess(pixels, entry.weights).to(device))[0].cpu()
    (best,) = top_k(probs, 1, entry.categories)
    x = whole_picture(pixels).to(device)
    blame = grad_cam(TargetScore(net, best.index, "logit"), grad_cam_layer(net, x), x).cpu()
    fine = upsampled(blame, size or (pixels.shape[0], pixels.shape[1]))
    peak = fine.max()
    unit = fine / peak if peak > 0 else fine
    return ClassSeed(best.name, min(best.prob, 1.0), blame.numpy(), unit.numpy())


def whole_picture(pixels: np.ndarray) -> Tensor:
    """The picture as the classifier's preset scales and normalises it, uncut: (1, 3, h, w).

    The shorter side becomes the preset's, unless the longer one were more than 32 times that.
    """
    preset = find_classifier(CLASSIFIER).weights.transforms()
    short, long = sorted(pixels.shape[:2])
    least = max(short, long / MAX_SIDE_RATIO)
    size = [max(1, round(side * preset.resize_size[0] / least)) for side in pixels.shape[:2]]
    picture = torch.tensor(pixels).permute(2, 0, 1)
    scaled = F.resize(picture, size, interpolation=preset.interpolation, antialias=True)
    return F.normalize(scaled.float() / 255, preset.mean, preset.std)[None]
