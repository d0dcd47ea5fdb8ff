"""GrabCut from a seed: the outline of a thing from a rough idea of where it is.

Two mixtures of five Gaussians describe the colours of foreground and background; a cut through a
graph of pixels finds the outline that suits the colours and runs along edges; the mixtures are
learnt anew from the result, and so on. OpenCV does it; here the seed comes from a map, and each
iteration is kept.

The seed, from a map in [0, 1] whose peak is 1: the largest connected piece at or above the
threshold is probably foreground, and where the map is at least ``SURE`` surely. Its bounding box
bounds the search: all outside is surely background, the rest inside probably.

Sources: Rother, Kolmogorov, Blake, "GrabCut", SIGGRAPH 2004; Boykov & Jolly, "Interactive graph
cuts", ICCV 2001; the piece and its box as in Zhou et al., "Learning deep features for
discriminative localization", CVPR 2016, section 3.2, which takes 20 % of the peak.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from engine.errors import InputError
from engine.progress import Progress

#: From this share of the peak on, a pixel is surely foreground.
SURE = 0.8
USUAL_THRESHOLD = 0.2
ITERATIONS = 5
SURE_BACK, SURE_FRONT = cv2.GC_BGD, cv2.GC_FGD
MAYBE_BACK, MAYBE_FRONT = cv2.GC_PR_BGD, cv2.GC_PR_FGD
_MODEL_SIZE = 65  # 5 Gaussians of a weight, 3 means and 9 covariances


@dataclass(frozen=True, eq=False)
class Trimap:
    """What GrabCut is told.

    Attributes:
        marks: uint8 (H, W), one of ``SURE_BACK`` 0, ``SURE_FRONT`` 1, ``MAYBE_BACK`` 2,
            ``MAYBE_FRONT`` 3.
        box: xyxy in pixels, half-open, around the piece of the map that counts.
    """

    marks: np.ndarray
    box: tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class GrabCut:
    """A thing cut out, and how it came about.

    Attributes:
        trimap: the seed.
        masks: bool (iterations, H, W), the foreground after each.
    """

    trimap: Trimap
    masks: np.ndarray


def make_trimap(unit_map: np.ndarray, threshold: float = USUAL_THRESHOLD) -> Trimap:
    """The seed from a map.

    Args:
        unit_map: float32 (H, W) in [0, 1].
        threshold: share of the peak from which on a pixel may be foreground, in (0, ``SURE``].

    Raises:
        InputError: the threshold is out of range, or the map is 0 everywhere.
    """
    if not 0 < threshold <= SURE:
        raise InputError("value_out_of_range", name="seed", low=0, high=SURE, value=threshold)
    high = (unit_map >= threshold).astype(np.uint8)
    if not high.any():
        raise InputError("seed_nowhere")
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(high, connectivity=8)
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    left, top, width, height = (int(number) for number in stats[largest, :4])
    box = left, top, left + width, top + height
    marks = np.full(unit_map.shape, SURE_BACK, np.uint8)
    marks[top : top + height, left : left + width] = MAYBE_BACK
    marks[pieces == largest] = MAYBE_FRONT
    marks[(pieces == largest) & (unit_map >= SURE)] = SURE_FRONT
    return Trimap(marks, box)


def grab_cut_steps(
    pixels: np.ndarray, trimap: Trimap, iterations: int = ITERATIONS
) -> Iterator[Progress[GrabCut]]:
    """Cut the foreground out; a step an iteration, the last with the result.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        trimap: of :func:`make_trimap`, for a map of the same size.
        iterations: 1 to 20.

    Raises:
        InputError: the seed leaves no background, or ``iterations`` is out of range.
    """
    if not 1 <= iterations <= 20:
        raise InputError("value_out_of_range", name="iterations", low=1, high=20, value=iterations)
    if np.isin(trimap.marks, (SURE_FRONT, MAYBE_FRONT)).all():
        raise InputError("seed_everywhere")
    bgr = np.ascontiguousarray(pixels[:, :, ::-1])
    marks = trimap.marks.copy()
    back, front = np.zeros((1, _MODEL_SIZE)), np.zeros((1, _MODEL_SIZE))
    masks = []
    for done in range(1, iterations + 1):
        cv2.setRNGSeed(0)  # k-means, with which the mixtures begin, draws its first means
        mode = cv2.GC_INIT_WITH_MASK if done == 1 else cv2.GC_EVAL
        cv2.grabCut(bgr, marks, None, back, front, 1, mode)  # pyright: ignore[reportCallIssue, reportArgumentType]
        masks.append(np.isin(marks, (SURE_FRONT, MAYBE_FRONT)))
        if done < iterations:
            yield Progress(done, iterations)
    yield Progress(iterations, iterations, GrabCut(trimap, np.stack(masks)))
