"""What each detector of the house says of a picture before anything thins it out, step by step.

Every score lies in [0, 1] and ranks the detector's own boxes; what it means differs:

- MTCNN, P-Net, windows: the probability that the network gives.
- NanoDet: the overlap (IoU) that the network expects its box to have with a thing of that class.
- DetectNet: how much of a cell an object covers, as the network guesses it.
- HOG: the logistic function of the SVM's response, so 0.5 is where the SVM is undecided.
- Haar: ``m / (m + 1)``, where the whole part of m counts the windows that OpenCV would group with
  this one, itself included, and the rest grows with how far its last stage's sum lies above the
  threshold. So n / (n + 1) or more means: at least n windows agree. OpenCV's usual
  ``minNeighbors = 3`` asks for four, 0.8.

What a detector needs is loaded before its first step, so that the time from there on is the time
that it looks. Boxes are clipped to the picture. Sources: as the modules say that do the work.
"""

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.detection import hog
from engine.detection.boxes import clip
from engine.detection.cascade_file import cascade_file, load_cascade
from engine.detection.classified_windows import SIDES, classify_windows
from engine.detection.clustering import cluster_boxes
from engine.detection.detections import Detections, rank
from engine.detection.detectnet.decoding import FLOOR
from engine.detection.detectnet.finding import find_objects
from engine.detection.detectnet.weights import load_detectnet
from engine.detection.mtcnn.calibration import calibrate, cut_out
from engine.detection.mtcnn.cascade import (
    CLASS_NAME,
    O_PX,
    R_PX,
    MtcnnLevel,
    MtcnnSettings,
    ask,
    propose,
    pyramid_scales,
    refine,
    search_level,
    squares_around,
)
from engine.detection.mtcnn.nets import load_mtcnn
from engine.detection.nanodet.finding import propose as propose_things
from engine.detection.nanodet.finding import see
from engine.detection.nanodet.weights import load_nanodet
from engine.device import choose_device
from engine.nets.catalog import find_classifier
from engine.nets.residence import residence
from engine.progress import Progress

if TYPE_CHECKING:
    from torchvision.models import MobileNetV2

Steps = Iterator[Progress[Detections]]

WINDOWS_NET = "mobilenet_v2"
#: The least probability for which P-Net's windows, and classes of a window, become boxes.
LEAST_FACE, LEAST_CLASS = 0.3, 0.05
#: The least probability that O-Net gives to boxes that we show.
LEAST_OUTPUT = 0.01
#: The least score of a Haar window: nobody agrees with it, and it just passed.
LEAST_HAAR = 0.5
_HAAR_FACTOR = 1.1
_HAAR_EPS = 0.2
PERSON = "person"
# What a cascade finds, by the beginning of its name; the first that fits.
_FINDS = {
    "frontalcatface": "cat face",
    "frontalface": "face",
    "profileface": "face in profile",
    "eye": "eye",
    "lefteye": "left eye",
    "righteye": "right eye",
    "smile": "smile",
    "fullbody": "body",
    "lowerbody": "lower body",
    "upperbody": "upper body",
    "license_plate": "number plate",
    "russian_plate": "number plate",
}


def window_steps(pixels: np.ndarray, most: int) -> Steps:
    """MobileNetV2 on every window of five sizes, up to three classes each; a step a size.

    Raises:
        InputError: the weights are not at hand, or the picture is too long and thin.
    """
    net = cast("MobileNetV2", residence().resident(WINDOWS_NET))
    names = find_classifier(WINDOWS_NET).categories
    yield Progress(0, len(SIDES))
    parts = []
    for done, side in enumerate(SIDES, start=1):
        parts.append(classify_windows(net, pixels, names, [side], least=LEAST_CLASS, most=most))
        yield Progress(done, len(SIDES))
    boxes, scores, labels = (
        torch.cat([getattr(part, name) for part in parts]) for name in ("boxes", "scores", "labels")
    )
    found = _best(boxes, scores, labels, names, most)
    yield Progress(1, 1, found)


def pnet_steps(pixels: np.ndarray, most: int) -> Steps:
    """The windows that MTCNN's first net takes for faces; a step a level of the pyramid.

    Raises:
        InputError: the weights are not installed.
    """
    levels = yield from _search(pixels, LEAST_FACE)
    boxes = torch.cat([torch.zeros(0, 4), *(level.boxes for level in levels)])
    scores = torch.cat([torch.zeros(0), *(level.scores for level in levels)])
    found = _of_one_class(boxes, scores, CLASS_NAME, most, pixels)
    yield Progress(1, 1, found)


def mtcnn_steps(pixels: np.ndarray, most: int) -> Steps:
    """What O-Net says of all that P-Net and R-Net let through at their usual thresholds.

    Raises:
        InputError: the weights are not installed.
    """
    least = MtcnnSettings().thresholds
    levels = yield from _search(pixels, least[0])
    with torch.no_grad():
        nets, size = load_mtcnn(torch.device("cpu")), (pixels.shape[0], pixels.shape[1])
        picture = torch.tensor(pixels).permute(2, 0, 1).float()
        squares, source = squares_around(propose(levels), size)
        answers = ask(nets.r, cut_out(picture, squares, R_PX), nets.device)
        squares, _ = squares_around(refine(squares, source, answers, least[1]), size)
        scores, offsets, _ = ask(nets.o, cut_out(picture, squares, O_PX), nets.device)
        boxes = calibrate(squares, offsets)
    likely = scores >= LEAST_OUTPUT
    found = _of_one_class(boxes[likely], scores[likely], CLASS_NAME, most, pixels)
    yield Progress(1, 1, found)


def detectnet_steps(pixels: np.ndarray, most: int) -> Steps:
    """What each cell of the DetectNet that ships proposes; it knows drawn shapes, nothing else.

    Raises:
        InputError: the weights are damaged.
    """
    trained = load_detectnet(choose_device())
    yield Progress(0, 1)
    found = find_objects(trained, np.array(pixels), FLOOR, merge="none")
    yield Progress(1, 1, found.take(torch.arange(min(most, len(found)))))


def see_things(pictures: Sequence[np.ndarray], most: int) -> list[Detections]:
    """What NanoDet's cells propose on each picture, all pictures in one pass.

    Args:
        pictures: each uint8 ``(H, W, 3)``.
        most: no more than so many boxes of a picture, the best.

    Raises:
        InputError: the weights are damaged, or the device has too little memory.
    """
    proposed = [propose_things(seen) for seen in see(load_nanodet(choose_device()), pictures)]
    return [found.take(torch.arange(min(most, len(found)))) for found in proposed]


def nanodet_steps(pixels: np.ndarray, most: int) -> Steps:
    """As :func:`see_things`, of one picture.

    Raises:
        InputError: as :func:`see_things`.
    """
    load_nanodet(choose_device())
    yield Progress(0, 1)
    yield Progress(1, 1, see_things([pixels], most)[0])


def hog_steps(pixels: np.ndarray, most: int) -> Steps:
    """OpenCV's template of a person on every window of the pyramid.

    A picture smaller than the template gives no boxes.
    """
    template = hog.people_template()
    yield Progress(0, 1)
    scanned = hog.scan(pixels, template)
    scores = scanned.response.sigmoid()
    yield Progress(1, 1, _of_one_class(scanned.boxes, scores, PERSON, most, pixels))


def haar_steps(cascade: str, pixels: np.ndarray, most: int) -> Steps:
    """The windows that pass all stages of a cascade, as OpenCV looks for them; a step a level.

    Args:
        cascade: OpenCV's name, "frontalface_default".
        pixels: uint8 ``(H, W, 3)``.
        most: no more than so many boxes, the best.

    Raises:
        InputError: no such cascade, or its file is damaged.
    """
    threshold = load_cascade(cascade).stages[-1].threshold
    opened = cv2.CascadeClassifier(str(cascade_file(cascade)))  # not to be shared between threads
    yield Progress(0, 100)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    levels = _haar_levels(load_cascade(cascade).window_px, grey.shape)
    work = np.cumsum([1 / width**2 for width, _ in levels])  # larger windows, smaller pictures
    rows = [np.zeros((0, 5))]
    for done, window in zip(work, levels, strict=True):
        found, _, sums = opened.detectMultiScale3(
            grey, _HAAR_FACTOR, 0, minSize=window, maxSize=window, outputRejectLevels=True
        )
        if len(found):
            rows.append(np.column_stack([found, np.asarray(sums).ravel() - threshold]))
        yield Progress(int(100 * done / work[-1]), 100)
    every = np.concatenate(rows)
    every = every[np.lexsort(every.T[::-1])]  # OpenCV's threads answer in any order
    yield Progress(1, 1, _agreement(every, what_it_finds(cascade), most, pixels))


def what_it_finds(cascade: str) -> str:
    """The thing that a cascade of OpenCV's finds, in English; its own name where we know none."""
    return next((thing for start, thing in _FINDS.items() if cascade.startswith(start)), cascade)


def _haar_levels(window_px: tuple[int, int], size: tuple[int, ...]) -> list[tuple[int, int]]:
    """Sizes of the window, ``(width, height)``, on all levels that OpenCV looks at."""
    levels, factor = [], 1.0
    while all(round(side * factor) <= room for side, room in zip(window_px, size, strict=True)):
        levels.append((round(window_px[1] * factor), round(window_px[0] * factor)))
        factor *= _HAAR_FACTOR
    return levels


def _agreement(rows: np.ndarray, name: str, most: int, pixels: np.ndarray) -> Detections:
    """From ``xywh`` and margin of windows ``(N, 5)`` to boxes scored as the module says."""
    numbers = torch.from_numpy(rows)
    start, size, margin = numbers[:, :2], numbers[:, 2:4], numbers[:, 4].clamp(min=0)
    boxes = torch.cat([start, start + size], dim=1).float()
    clusters = cluster_boxes(boxes, 1, _HAAR_EPS)
    count = clusters.counts[clusters.cluster_of] if len(boxes) else torch.zeros(0)
    support = count + margin / (1 + margin)
    return _of_one_class(boxes, (support / (support + 1)).float(), name, most, pixels)


@torch.no_grad()
def _search(
    pixels: np.ndarray, least: float
) -> Generator[Progress[Detections], None, list[MtcnnLevel]]:
    """P-Net on every level; a level's work goes with its area."""
    levels = []
    nets = load_mtcnn(torch.device("cpu"))
    yield Progress(0, 100)
    picture = torch.tensor(pixels).permute(2, 0, 1).float()
    scales = pyramid_scales((pixels.shape[0], pixels.shape[1]), MtcnnSettings())
    work = np.cumsum([scale**2 for scale in scales])
    for scale, done in zip(scales, work, strict=True):
        levels.append(search_level(nets, picture, scale, least))
        yield Progress(int(100 * done / work[-1]), 100)
    return levels


def _of_one_class(
    boxes: Tensor, scores: Tensor, name: str, most: int, pixels: np.ndarray
) -> Detections:
    inside = clip(boxes, (pixels.shape[0], pixels.shape[1]))
    return _best(inside, scores, torch.zeros(len(scores)).long(), (name,), most)


def _best(
    boxes: Tensor, scores: Tensor, labels: Tensor, names: tuple[str, ...], most: int
) -> Detections:
    first = rank(scores)[:most]
    return Detections.ranked(boxes[first], scores[first], labels[first], names)
