"""The cascade kept open on one picture: other thresholds ask the nets about new candidates only.

P-Net's maps do not depend on any threshold. NMS looks at boxes by falling score, so what a higher
threshold leaves of P-Net's windows is the beginning of what the lowest one leaves, and their fate
is the same: levels and proposals are filtered. A candidate's square, and with it what R-Net and
O-Net say, depends on its window alone: answers are kept. Their NMS runs anew each time, since it
ranks by these scores, among which a proposal may be missing anywhere.

The answers equal those of :func:`engine.detection.mtcnn.cascade.find_faces` but for the last bits,
which depend on what else is in a batch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Self

import numpy as np
import torch
from torch import Tensor

from engine.detection.mtcnn.calibration import cut_out
from engine.detection.mtcnn.cascade import (
    O_PX,
    R_PX,
    WINDOW_PX,
    Look,
    MtcnnLevel,
    MtcnnSettings,
    MtcnnTrace,
    ask,
    conclude,
    propose,
    pyramid_scales,
    refine,
    scaled,
    search_level,
    squares_around,
)
from engine.detection.mtcnn.nets import MtcnnNets
from engine.detection.nms import NmsTrace
from engine.progress import Progress

FLOOR = 0.4  # P-Net's lowest threshold
_R_BATCH, _O_BATCH = 32, 8


@dataclass(frozen=True)
class Pace:
    """How long a net took, look by look.

    Attributes:
        looks: windows or crops that it was asked about at once, one or more, and the milliseconds
            that this took.
    """

    looks: tuple[tuple[int, float], ...] = ()

    @property
    def asked(self) -> int:
        """All windows or crops together."""
        return sum(count for count, _ in self.looks)

    @property
    def median_us(self) -> float | None:
        """At most so many microseconds were taken by half of them; None where there were none.

        Each counts with its share of its look: one look that was held up changes little.
        """
        seen = 0
        for each_us, count in sorted((1000 * ms / count, count) for count, ms in self.looks):
            seen += count
            if 2 * seen >= self.asked:
                return each_us
        return None


class OpenedCascade:
    """P-Net's maps of a picture, and what R-Net and O-Net have been asked so far.

    Several threads may ask at once: whatever they both compute is the same.

    Attributes:
        levels: P-Net on each size of the picture at the threshold :data:`FLOOR`.
        pace: by ``p``, ``r`` and ``o``, what each net was asked, with its crops cut out.
    """

    def __init__(self, nets: MtcnnNets, picture: Tensor, levels: Sequence[MtcnnLevel]) -> None:
        self._nets = nets
        self._picture = picture
        self.size = (picture.shape[1], picture.shape[2])
        self.levels = tuple(levels)
        self.pace = {"p": Pace(), "r": Pace(), "o": Pace()}
        self._proposals = propose(self.levels)
        self._squares, self._source = squares_around(self._proposals, self.size)
        count = len(self._squares)
        self._scores, self._offsets = torch.zeros(count), torch.zeros(count, 4)
        self._r_crops = torch.zeros(count, R_PX, R_PX, 3, dtype=torch.uint8)
        self._known = 0  # R-Net has seen so many of the squares, the best ones
        self._seen_by_o: dict[int, list[Tensor]] = {}

    @classmethod
    @torch.no_grad()
    def open(
        cls, nets: MtcnnNets, picture: Tensor, min_face_px: int, factor: float
    ) -> Iterator[Progress[Self]]:
        """P-Net over the pyramid, a level a step; the last step carries the opened cascade.

        Args:
            nets: from :func:`engine.detection.mtcnn.nets.load_mtcnn`.
            picture: uint8 ``(3, H, W)``, RGB.
            min_face_px, factor: as for :class:`MtcnnSettings`.
        """
        size = picture.shape[1], picture.shape[2]
        scales = pyramid_scales(size, MtcnnSettings(min_face_px, factor))
        levels: list[MtcnnLevel] = []
        looks: list[tuple[int, float]] = []
        for scale in scales:
            begun = perf_counter()
            levels.append(search_level(nets, picture, scale, FLOOR))
            looks.append((levels[-1].map.numel(), (perf_counter() - begun) * 1000))
            yield Progress(len(levels), len(scales) + 1)
        opened = cls(nets, picture, levels)
        opened.pace["p"] = Pace(tuple(looks))
        yield Progress(len(scales) + 1, len(scales) + 1, opened)

    @torch.no_grad()
    def trace(self, thresholds: Sequence[float]) -> Iterator[Progress[MtcnnTrace]]:
        """What :func:`find_faces` returns; a step for each batch of crops that is new to a net.

        Args:
            thresholds: face probability that P-, R- and O-Net ask for; the first is at least
                :data:`FLOOR`.

        Raises:
            ValueError: the first threshold is lower.
        """
        if thresholds[0] < FLOOR:
            raise ValueError(f"P-Net's threshold is {FLOOR} at least, not {thresholds[0]}")
        levels = tuple(_level_above(level, thresholds[0]) for level in self.levels)
        proposals = _proposals_above(self._proposals, thresholds[0])
        count = int((self._source < len(proposals.boxes)).sum())
        while self._known < count:
            self._ask_r()
            yield Progress(self._known, count + 1)
        squares, source = self._squares[:count], self._source[:count]
        answers = self._scores[:count], self._offsets[:count]
        refined = refine(squares, source, answers, thresholds[1])
        squares, source = squares_around(refined, self.size)
        windows = refined.kept[source].tolist()
        missing = [i for i, window in enumerate(windows) if window not in self._seen_by_o]
        for start in range(0, len(missing), _O_BATCH):
            batch = missing[start : start + _O_BATCH]
            self._ask_o([windows[i] for i in batch], squares[batch])
            yield Progress(start + len(batch), len(missing) + 1)
        output = conclude(squares, source, self._answers_of_o(windows), thresholds[2])
        yield Progress(1, 1, MtcnnTrace(levels, proposals, refined, output))

    def r_crops(self, indices: Tensor) -> np.ndarray:
        """What R-Net was shown of these candidates of a trace, uint8 ``(N, 24, 24, 3)``."""
        return self._r_crops[indices].numpy()

    def o_crops(self, trace: MtcnnTrace, indices: Tensor) -> np.ndarray:
        """What O-Net was shown of these candidates of ``trace``, uint8 ``(N, 48, 48, 3)``."""
        windows = trace.refined.kept[trace.output.came_from[indices]].tolist()
        crops = [self._seen_by_o[window][-1] for window in windows]
        return torch.stack(crops).numpy() if crops else np.zeros((0, O_PX, O_PX, 3), np.uint8)

    def score_at(self, level: int, row: int, column: int) -> float | None:
        """P-Net's face probability in a cell of a level's map; None where there is none."""
        if level >= len(self.levels):
            return None
        rows, columns = self.levels[level].map.shape
        inside = row < rows and column < columns
        return self.levels[level].map[row, column].item() if inside else None

    def p_crop(self, level: int, row: int, column: int) -> np.ndarray:
        """What P-Net was shown in that cell, uint8 ``(12, 12, 3)``."""
        top, left = 2 * row, 2 * column
        return self.level_picture(level)[top : top + WINDOW_PX, left : left + WINDOW_PX]

    def level_picture(self, index: int) -> np.ndarray:
        """What P-Net was shown as this level, uint8 ``(h, w, 3)``."""
        return _pixels(scaled(self._picture, self.levels[index].scale)[None])[0].numpy()

    def _ask_r(self) -> None:
        """Of the next squares, always in the same batches."""
        start = self._known
        end = min(start + _R_BATCH, len(self._squares))
        begun = perf_counter()
        crops = cut_out(self._picture, self._squares[start:end], R_PX)
        self._scores[start:end], self._offsets[start:end] = ask(
            self._nets.r, crops, self._nets.device
        )
        self._r_crops[start:end] = _pixels(crops)
        self._known = max(self._known, end)
        self._count("r", end - start, begun)

    def _ask_o(self, windows: list[int], squares: Tensor) -> None:
        begun = perf_counter()
        crops = cut_out(self._picture, squares, O_PX)
        answers = [*ask(self._nets.o, crops, self._nets.device), _pixels(crops)]
        for i, window in enumerate(windows):
            self._seen_by_o.setdefault(window, [part[i] for part in answers])
        self._count("o", len(windows), begun)

    def _answers_of_o(self, windows: list[int]) -> list[Tensor]:
        if not windows:
            return [torch.zeros(0), torch.zeros(0, 4), torch.zeros(0, 10)]
        parts = zip(*(self._seen_by_o[window][:3] for window in windows), strict=True)
        return [torch.stack(part) for part in parts]

    def _count(self, net: str, asked: int, begun: float) -> None:
        ms = (perf_counter() - begun) * 1000
        self.pace[net] = Pace((*self.pace[net].looks, (asked, ms)))


def _pixels(pictures: Tensor) -> Tensor:
    """From float32 ``(N, 3, H, W)`` to uint8 ``(N, H, W, 3)``."""
    return pictures.round().byte().permute(0, 2, 3, 1)


def _level_above(level: MtcnnLevel, least: float) -> MtcnnLevel:
    kept = level.scores >= least
    return replace(
        level,
        cells=level.cells[kept],
        boxes=level.boxes[kept],
        scores=level.scores[kept],
        offsets=level.offsets[kept],
        nms=_only(level.nms, kept),
    )


def _proposals_above(proposals: Look, least: float) -> Look:
    kept = proposals.scores >= least
    nms = _only(proposals.nms, kept)
    every = torch.arange(int(kept.sum()))
    count = len(nms.kept)
    return Look(
        proposals.candidates[kept],
        every,
        proposals.scores[kept],
        every,
        nms,
        proposals.boxes[:count],
        proposals.points[:count],
    )


def _only(nms: NmsTrace, kept: Tensor) -> NmsTrace:
    """The trace of the boxes ``kept``, which must be those of the highest scores."""
    place = kept.cumsum(0) - 1  # index among those kept
    order = nms.order[: int(kept.sum())]
    by = nms.suppressed_by[kept]
    return NmsTrace(place[order], torch.where(by >= 0, place[by.clamp(min=0)], by), nms.iou[kept])
