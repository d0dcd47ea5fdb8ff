"""MTCNN opened on a picture, as the Face cascade page asks for it while its controls move.

P-Net's maps are computed once for a picture and its pyramid; what R-Net and O-Net said of a window
is kept with them. A request that needs much that is new gets its progress instead.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeVar

from engine.cache import Cache
from engine.pictures import Picture, resolve
from engine.progress import Progress
from engine.serving.face_cascade.contract import (
    FACE_STEP_PX,
    LARGEST_FACE_PX,
    SMALLEST_FACE_PX,
    CascadeQuestion,
    PyramidQuestion,
)
from engine.serving.jobs import jobs

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from engine.detection.mtcnn.cascade import MtcnnTrace
    from engine.detection.mtcnn.journeys import Journeys
    from engine.detection.mtcnn.nets import MtcnnNets
    from engine.detection.mtcnn.opened import OpenedCascade

T = TypeVar("T")
Net = Literal["r", "o"]

MOST_PIXELS = 600_000  # of the largest level; beyond, a learner would wait for too long
MACS_A_PIXEL = 1800  # P-Net's multiply-adds for a pixel of a level


@dataclass(frozen=True)
class Pyramid:
    """The levels that a picture is looked at in."""

    min_face_px: int
    factor: float


@dataclass(frozen=True, eq=False)
class Traced:
    """What became of every window at some thresholds."""

    opened: "OpenedCascade"
    trace: "MtcnnTrace"
    journeys: "Journeys"

    def best_crops(self, net: Net, most: int) -> "tuple[Tensor, np.ndarray]":
        """Of the candidates with the highest scores, best first: which they are, and their crops.

        Returns:
            int64 ``(K,)``, indices of the net's candidates, and uint8 ``(K, side, side, 3)``.
        """
        from engine.detection.detections import rank

        look = self.trace.refined if net == "r" else self.trace.output
        best = rank(look.scores)[:most]
        return best, self._crops(net, best)

    def crops_of(self, window: int) -> "dict[Net, np.ndarray]":
        """What R-Net and O-Net were shown of a window, as far as it came; uint8."""
        shown: dict[Net, Tensor] = {"r": self.journeys.r_windows, "o": self.journeys.o_windows}
        found: dict[Net, np.ndarray] = {}
        for net in shown:
            at = (shown[net] == window).nonzero()[:, 0]
            if len(at):
                found[net] = self._crops(net, at)[0]
        return found

    def _crops(self, net: Net, indices: "Tensor") -> "np.ndarray":
        if net == "r":
            return self.opened.r_crops(indices)
        return self.opened.o_crops(self.trace, indices)


def smallest_face(size: tuple[int, int]) -> int:
    """The smallest face that a picture of ``(H, W)`` is searched for, a multiple of the step."""
    least = SMALLEST_FACE_PX * math.sqrt(size[0] * size[1] / MOST_PIXELS)
    return max(SMALLEST_FACE_PX, math.ceil(least / FACE_STEP_PX) * FACE_STEP_PX)


def largest_face(size: tuple[int, int]) -> int:
    """The largest that fits the picture, at least the smallest that is searched for."""
    fitting = min(*size, LARGEST_FACE_PX) // FACE_STEP_PX * FACE_STEP_PX
    return max(smallest_face(size), fitting)


def levels_of(asked: PyramidQuestion) -> "tuple[Picture, Pyramid]":
    """A face too small for so large a picture is enlarged to the smallest that is offered."""
    chosen = resolve(asked.picture)
    least = smallest_face((chosen.pixels.shape[0], chosen.pixels.shape[1]))
    return chosen, Pyramid(max(asked.min_face, least), asked.factor)


def traced(asked: CascadeQuestion) -> "Traced | Progress":
    """What became of every window, or how far that is."""
    return trace_cascade(*levels_of(asked), (asked.pnet, asked.rnet, asked.onet))


def open_cascade(picture: "Picture", pyramid: Pyramid) -> "OpenedCascade | Progress":
    """P-Net over the pyramid, or how far it is.

    Raises:
        InputError: the weights are not at hand.
    """

    def work() -> "Iterator[Progress[OpenedCascade]]":
        from engine.detection.mtcnn.opened import OpenedCascade

        pixels = _pixels(picture)
        macs = MACS_A_PIXEL * int(pixels[0].numel() * (12 / pyramid.min_face_px) ** 2)
        yield from _stepwise(OpenedCascade.open(_nets(), pixels, *vars(pyramid).values()), macs)

    return jobs().ask(("open", picture.ref, pyramid), work)


def trace_cascade(
    picture: "Picture", pyramid: Pyramid, thresholds: tuple[float, float, float]
) -> Traced | Progress:
    """The trace at these thresholds, or how far it is.

    Raises:
        InputError: the weights are not at hand.
    """
    opened = open_cascade(picture, pyramid)
    if isinstance(opened, Progress):
        return opened

    def work() -> Iterator[Progress[Traced]]:
        from engine.detection.mtcnn.journeys import follow

        for step in _stepwise(opened.trace(thresholds)):
            found = step.result
            yield Progress(step.done, step.total, found and Traced(opened, found, follow(found)))

    return jobs().ask(("trace", picture.ref, pyramid, thresholds), work)


def _stepwise(steps: Iterator[T], macs: int = 0) -> Iterator[T]:
    """The same steps, each on as many cores as so many multiply-adds are worth."""
    from engine.serving.one_core import on_fitting_cores

    while (step := on_fitting_cores(macs, next, steps, None)) is not None:
        yield step


@cache
def _nets() -> "MtcnnNets":
    """The nets; each has been asked once, since a first pass sets things up and is slower."""
    import torch

    from engine.detection.mtcnn.nets import load_mtcnn

    nets = load_mtcnn(torch.device("cpu"))
    for net, side_px in ((nets.p, 12), (nets.r, 24), (nets.o, 48)):
        net(torch.zeros(1, 3, side_px, side_px))
    return nets


def _pixels(picture: "Picture") -> "Tensor":
    """uint8 ``(3, H, W)``; shared by all pyramids of the picture."""
    import torch

    return _tensors.get(picture.ref, lambda: torch.tensor(picture.pixels).permute(2, 0, 1))


_tensors: "Cache[Tensor]" = Cache(4)
