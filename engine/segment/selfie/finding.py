"""People cut out of a picture of any size.

The picture is stretched to the network's square, as MediaPipe does; the answer is brought back
(bilinear) to the picture's size. The network learnt photos of people and always cuts out what is in
front: where nobody is, it is as sure of a cat (nine tenths of scikit-image's ``chelsea``). So
NanoDet is asked first whether there is a person at all.

Source: MediaPipe, ``selfie_segmentation_cpu.pbtxt``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.detection.coco import COCO_CLASSES
from engine.detection.nanodet.finding import USUAL_SCORE, see
from engine.detection.nanodet.net import NanoDet
from engine.detection.nanodet.weights import load_nanodet
from engine.device import choose_device, report_out_of_memory
from engine.pictures.raster import resize_to
from engine.progress import Progress
from engine.segment.segmented_picture import SegmentedPicture
from engine.segment.selfie.net import INPUT_PX, SelfieNet
from engine.segment.selfie.weights import load_selfie_net

PERSON = "person"
USUAL_LEAST = 0.5
#: The least score that a detector's best person must have; below, nobody is there.
SOMEBODY = USUAL_SCORE


@dataclass(frozen=True, eq=False)
class People:
    """What is in front, and whether that is anybody.

    Attributes:
        probs: float32 (H, W) in [0, 1], how likely each pixel belongs to who is in front.
        person: NanoDet's best score for a person on the picture, in [0, 1].
    """

    probs: np.ndarray
    person: float


@torch.no_grad()
def front_map(net: SelfieNet, pixels: np.ndarray) -> np.ndarray:
    """How likely each pixel belongs to the person in front, if that is a person.

    Args:
        net: in eval mode; only read.
        pixels: uint8 (H, W, 3), RGB, H and W >= 1.

    Returns:
        float32 (H, W) in [0, 1].

    Raises:
        InputError: the device has too little memory.
        ValueError: not a picture.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise ValueError(f"uint8 (H, W, 3) is needed, not {pixels.dtype} {pixels.shape}")
    device = next(net.parameters()).device
    batch = torch.tensor(resize_to(pixels, (INPUT_PX, INPUT_PX)), device=device)[None]
    size = (pixels.shape[0], pixels.shape[1])
    with report_out_of_memory(device):
        small: Tensor = net(batch.permute(0, 3, 1, 2).float() / 255).sigmoid()
        probs = F.interpolate(small, size, mode="bilinear", align_corners=False)
    return probs[0, 0].cpu().numpy()


def best_person(net: NanoDet, pixels: np.ndarray) -> float:
    """The best score that any of NanoDet's cells gives a person, in [0, 1].

    Args:
        net: in eval mode; only read.
        pixels: uint8 (H, W, 3), RGB.

    Raises:
        InputError, ValueError: as :func:`front_map`.
    """
    scores = see(net, [pixels])[0].cells.scores
    return scores[:, COCO_CLASSES.index(PERSON)].max().item()


def load_nets() -> tuple[SelfieNet, NanoDet]:
    """The networks that ship, on the chosen device.

    Raises:
        InputError: a file of weights is missing or damaged.
    """
    return load_selfie_net(choose_device()), load_nanodet(choose_device())


def people_steps(pixels: np.ndarray) -> Iterator[Progress[People]]:
    """The shipped networks on a picture: a step when they are loaded, one after each answer.

    Raises:
        InputError: weights are damaged, or the device has too little memory.
    """
    selfie, detector = load_nets()
    yield Progress(0, 2)
    probs = front_map(selfie, pixels)
    yield Progress(1, 2)
    yield Progress(2, 2, People(probs, best_person(detector, pixels)))


def cut_out_people(found: People, least: float = USUAL_LEAST) -> SegmentedPicture:
    """All people as one segment; its score is its pixels' mean probability. None where nobody is.

    Args:
        found: of :func:`people_steps`.
        least: pixels that are less likely belong to no segment, in [0, 1].
    """
    mask = (found.probs >= least) & (found.person >= SOMEBODY)
    described = [(0, True, float(found.probs[mask].mean(dtype=np.float64)))] if mask.any() else []
    return SegmentedPicture.of_map("semantic", mask.astype(np.int32), described, [PERSON])
