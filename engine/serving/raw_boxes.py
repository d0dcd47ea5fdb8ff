"""Boxes of a real detector before anything thins them out, kept for as long as they are looked at.

- ``windows``: MobileNetV2 on every window of five sizes; up to 3 of ImageNet's classes a window.
- ``pnet``: the windows that MTCNN's first net, P-Net, takes for faces.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from engine.serving.kept import Kept

if TYPE_CHECKING:
    from torchvision.models import MobileNetV2

    from engine.detection.detections import Detections
    from engine.pictures import Picture

Detector = Literal["windows", "pnet"]
#: No detector gives more: the best ones.
MOST_BOXES = 2000
_LEAST_FACE = 0.3


@dataclass(frozen=True, eq=False)
class RawBoxes:
    """What a detector said of one picture.

    Attributes:
        found: best first; boxes lie within the picture.
        size: ``(H, W)`` of the picture in pixels.
        ms: how long the detector took, once loaded.
    """

    found: "Detections"
    size: tuple[int, int]
    ms: float


def raw_boxes(picture: "Picture", detector: Detector) -> RawBoxes:
    """The detector's boxes on a picture; at most 2,000.

    Raises:
        InputError: its weights are not at hand, or the picture does not suit it.
    """
    return _kept.get((picture.ref, detector), lambda: _detect(picture, detector))


_kept: Kept[RawBoxes] = Kept(32, 8 * 2**20, lambda raw: 32 * len(raw.found))


def _detect(picture: "Picture", detector: Detector) -> RawBoxes:
    size = (picture.pixels.shape[0], picture.pixels.shape[1])
    detect = {"windows": _windows, "pnet": _pnet}[detector]()  # loaded before the clock runs
    begun = perf_counter()
    found = detect(picture.pixels)
    return RawBoxes(found, size, (perf_counter() - begun) * 1000)


def _windows() -> Callable[[np.ndarray], "Detections"]:
    from engine.detection.classified_windows import classify_windows
    from engine.nets.catalog import find_classifier
    from engine.nets.residence import residence

    net = cast("MobileNetV2", residence().resident("mobilenet_v2"))
    names = find_classifier("mobilenet_v2").categories
    return lambda pixels: classify_windows(net, pixels, names, most=MOST_BOXES)


def _pnet() -> Callable[[np.ndarray], "Detections"]:
    import torch

    from engine.detection.boxes import clip
    from engine.detection.detections import Detections, rank
    from engine.detection.mtcnn.cascade import CLASS_NAME, MtcnnSettings, find_faces
    from engine.detection.mtcnn.nets import load_mtcnn

    nets = load_mtcnn(torch.device("cpu"))
    # R-Net and O-Net keep nothing: no probability is above 1
    settings = MtcnnSettings(thresholds=(_LEAST_FACE, 1, 1))

    def find(pixels: np.ndarray) -> Detections:
        levels = find_faces(nets, pixels, settings).levels
        boxes = torch.cat([torch.zeros(0, 4), *(level.boxes for level in levels)])
        scores = torch.cat([torch.zeros(0), *(level.scores for level in levels)])
        best = rank(scores)[:MOST_BOXES]
        boxes = clip(boxes[best], (pixels.shape[0], pixels.shape[1]))
        labels = torch.zeros(len(best), dtype=torch.int64)
        return Detections.ranked(boxes, scores[best], labels, (CLASS_NAME,))

    return find
