"""The cascade: P-Net everywhere, R-Net where P-Net saw a face, O-Net where R-Net agreed.

After each look boxes that overlap are thinned out by NMS, the survivors' edges are moved to where
the net says that the face ends, and squares are cut out for the next, larger net.

Source: Zhang et al. 2016; facenet-pytorch's ``detect_face``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.detection.boxes import overlap_of_smaller
from engine.detection.detections import Detections
from engine.detection.mtcnn.calibration import (
    calibrate,
    cell_boxes,
    cut_out,
    landmark_points,
    overlaps_picture,
    square,
)
from engine.detection.mtcnn.nets import MtcnnNets
from engine.detection.nms import NmsTrace, nms_trace
from engine.errors import InputError

WINDOW_PX, R_PX, O_PX = 12, 24, 48  # sides of what the three nets are shown
CLASS_NAME = "face"
_LEVEL_IOU, _IOU, _SMALLER = 0.5, 0.7, 0.7
_BATCH = 256  # crops that go through a net together


@dataclass(frozen=True)
class MtcnnSettings:
    """What to look for.

    Args:
        min_face_px: the smallest face, 12 to 2000; the largest level is scaled so that it fills
            P-Net's window.
        factor: each level is this share of the one before; 0.3 to 0.95.
        thresholds: face probability that P-, R- and O-Net ask for; in [0, 1].

    Raises:
        InputError: a setting is out of its range.
    """

    min_face_px: int = 20
    factor: float = 0.709
    thresholds: tuple[float, float, float] = (0.6, 0.7, 0.7)

    def __post_init__(self) -> None:
        given = [("min_face_px", self.min_face_px, 12, 2000), ("factor", self.factor, 0.3, 0.95)]
        given += [("threshold", threshold, 0, 1) for threshold in self.thresholds]
        for name, value, low, high in given:
            if not low <= value <= high:
                raise InputError("value_out_of_range", name=name, low=low, high=high, value=value)


@dataclass(frozen=True, eq=False)
class MtcnnLevel:
    """P-Net on one size of the picture.

    Attributes:
        scale: size over that of the picture.
        size: ``(H, W)``.
        map: float32 ``(rows, columns)``, face probability of the 12 px window at every other pixel.
        cells: int64 ``(N, 2)``, row and column in the map of windows above the threshold.
        boxes: float32 ``(N, 4)``, these windows in pixels of the picture.
        scores: float32 ``(N,)``.
        offsets: float32 ``(N, 4)``.
        nms: what became of them; IoU above 0.5 suppresses.
    """

    scale: float
    size: tuple[int, int]
    map: Tensor
    cells: Tensor
    boxes: Tensor
    scores: Tensor
    offsets: Tensor
    nms: NmsTrace


@dataclass(frozen=True, eq=False)
class Look:
    """What one net made of its candidates; on the CPU.

    Attributes:
        candidates: float32 ``(N, 4)``, the boxes that it was shown.
        came_from: int64 ``(N,)``, which of the boxes that the look before left each of them is; for
            proposals, which of the windows that the levels left, one level after another.
        scores: float32 ``(N,)``, their face probability.
        passed: int64 ``(P,)``, candidates above the threshold.
        nms: what became of these; its indices count within ``passed``.
        boxes: float32 ``(K, 4)``, the survivors with calibrated edges, best first.
        points: float32 ``(K, 5, 2)``, eyes, nose and corners of the mouth, from O-Net only; else
            ``(K, 0, 2)``.
    """

    candidates: Tensor
    came_from: Tensor
    scores: Tensor
    passed: Tensor
    nms: NmsTrace
    boxes: Tensor
    points: Tensor

    @property
    def kept(self) -> Tensor:
        """int64 ``(K,)``, candidates that survived, best first."""
        return self.passed[self.nms.kept]


@dataclass(frozen=True, eq=False)
class MtcnnTrace:
    """Everything that happened on the way to the faces.

    Attributes:
        levels: P-Net on each size of the picture, largest first.
        proposals: the levels' survivors together, thinned out once more and calibrated.
        refined: R-Net's look at squares around these.
        output: O-Net's look at squares around what R-Net left.
    """

    levels: tuple[MtcnnLevel, ...]
    proposals: Look
    refined: Look
    output: Look

    @property
    def faces(self) -> Detections:
        """The faces. Boxes may reach over the picture's border, as the net guesses them."""
        scores = self.output.scores[self.output.kept]
        labels = torch.zeros(len(scores), dtype=torch.int64)
        return Detections.ranked(self.output.boxes, scores, labels, (CLASS_NAME,))


@torch.no_grad()
def find_faces(nets: MtcnnNets, pixels: np.ndarray, settings: MtcnnSettings) -> MtcnnTrace:
    """Look for faces, and keep what survived each look.

    Args:
        nets: from :func:`engine.detection.mtcnn.nets.load_mtcnn`; they compute where they lie,
            the rest is done on the CPU.
        pixels: uint8 ``(H, W, 3)``, RGB; smaller than 12 px gives no levels and no faces.
        settings: what to look for.

    Raises:
        ValueError: another kind of picture.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise ValueError(f"a uint8 (H, W, 3) picture is needed, not {pixels.dtype} {pixels.shape}")
    picture = torch.tensor(pixels).permute(2, 0, 1).float()
    size = pixels.shape[0], pixels.shape[1]
    least = settings.thresholds
    levels = tuple(
        search_level(nets, picture, scale, least[0]) for scale in pyramid_scales(size, settings)
    )
    proposals = propose(levels)
    squares, source = squares_around(proposals, size)
    answers = ask(nets.r, cut_out(picture, squares, R_PX), nets.device)
    refined = refine(squares, source, answers, least[1])
    squares, source = squares_around(refined, size)
    answers = ask(nets.o, cut_out(picture, squares, O_PX), nets.device)
    return MtcnnTrace(levels, proposals, refined, conclude(squares, source, answers, least[2]))


def pyramid_scales(size: tuple[int, int], settings: MtcnnSettings) -> tuple[float, ...]:
    """Sizes of the levels over that of the picture, largest first."""
    scale = WINDOW_PX / settings.min_face_px
    scales = []
    while min(size) * scale >= WINDOW_PX:
        scales.append(scale)
        scale *= settings.factor
    return tuple(scales)


def scaled(picture: Tensor, scale: float) -> Tensor:
    """A level of the pyramid: ``(3, H, W)`` resampled by area, float32 ``(3, h, w)``."""
    size = int(picture.shape[1] * scale + 1), int(picture.shape[2] * scale + 1)
    return F.adaptive_avg_pool2d(picture.float(), size)


def search_level(nets: MtcnnNets, picture: Tensor, scale: float, least: float) -> MtcnnLevel:
    """P-Net on the picture, float32 or uint8 ``(3, H, W)`` in [0, 255], at ``scale``."""
    level = scaled(picture, scale)
    probs, offsets = nets.p(_centre(level[None]).to(nets.device))
    probs, offsets = probs[0].cpu(), offsets[0].cpu()
    cells = (probs >= least).nonzero()
    boxes = cell_boxes(cells, scale)
    scores, offsets = probs[cells[:, 0], cells[:, 1]], offsets[:, cells[:, 0], cells[:, 1]].T
    nms = nms_trace(boxes, scores, _LEVEL_IOU)
    return MtcnnLevel(
        scale, (level.shape[1], level.shape[2]), probs, cells, boxes, scores, offsets, nms
    )


def propose(levels: Sequence[MtcnnLevel]) -> Look:
    """The levels' survivors together: thinned out once more, and calibrated."""
    kept = [level.nms.kept for level in levels]
    pairs = list(zip(levels, kept, strict=True))
    boxes = torch.cat([torch.zeros(0, 4), *(level.boxes[some] for level, some in pairs)])
    scores = torch.cat([torch.zeros(0), *(level.scores[some] for level, some in pairs)])
    offsets = torch.cat([torch.zeros(0, 4), *(level.offsets[some] for level, some in pairs)])
    nms = nms_trace(boxes, scores, _IOU)
    moved = calibrate(boxes[nms.kept], offsets[nms.kept], extra_px=0)
    every = torch.arange(len(boxes))
    return Look(boxes, every, scores, every, nms, moved, moved.new_zeros(len(moved), 0, 2))


def squares_around(look: Look, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """What the next net is shown: squares around the survivors, but for those off the picture.

    Args:
        look: the look before.
        size: ``(H, W)`` of the picture.

    Returns:
        float32 ``(N, 4)``, and int64 ``(N,)``: which of ``look.boxes`` each stands around.
    """
    squares = square(look.boxes)
    source = overlaps_picture(squares, size).nonzero()[:, 0]
    return squares[source], source


def refine(squares: Tensor, source: Tensor, answers: Sequence[Tensor], least: float) -> Look:
    """R-Net's look: ``answers`` are its scores and offsets for the squares."""
    scores, offsets = answers
    passed = (scores > least).nonzero()[:, 0]
    nms = nms_trace(squares[passed], scores[passed], _IOU)
    kept = passed[nms.kept]
    boxes = calibrate(squares[kept], offsets[kept])
    return Look(squares, source, scores, passed, nms, boxes, boxes.new_zeros(len(kept), 0, 2))


def conclude(squares: Tensor, source: Tensor, answers: Sequence[Tensor], least: float) -> Look:
    """O-Net's look: ``answers`` are its scores, offsets and landmarks for the squares."""
    scores, offsets, places = answers
    passed = (scores > least).nonzero()[:, 0]
    boxes = calibrate(squares[passed], offsets[passed])
    nms = nms_trace(boxes, scores[passed], _SMALLER, overlap_of=overlap_of_smaller)
    points = landmark_points(squares[passed], places[passed])
    return Look(squares, source, scores, passed, nms, boxes[nms.kept], points[nms.kept])


def ask(net: torch.nn.Module, crops: Tensor, device: torch.device) -> list[Tensor]:
    """A net's answers for crops in [0, 255], on the CPU, whatever their number."""
    answers = [
        net(_centre(crops[start : start + _BATCH]).to(device))
        for start in range(0, max(len(crops), 1), _BATCH)  # an empty batch has shapes, too
    ]
    return [torch.cat(parts).cpu() for parts in zip(*answers, strict=True)]


def _centre(picture: Tensor) -> Tensor:
    """From [0, 255] to about [-1, 1], as the nets were trained."""
    return (picture - 127.5) / 128
