"""How far each window came: from P-Net's map to a face, or to what ended its way.

Works on a trace of :mod:`engine.detection.mtcnn.cascade` and decides nothing itself.
"""

from dataclasses import dataclass
from enum import IntEnum

import torch
from torch import Tensor

from engine.detection.mtcnn.cascade import Look, MtcnnTrace
from engine.detection.nms import NmsTrace


class Gate(IntEnum):
    """What a window must pass, in this order; the number of the last one is that of a face."""

    P_NET = 1
    LEVEL_NMS = 2
    PROPOSAL_NMS = 3
    R_NET = 4
    R_NMS = 5
    O_NET = 6
    O_NMS = 7
    FACE = 8


@dataclass(frozen=True, eq=False)
class Journeys:
    """The fate of the windows that P-Net took for a face.

    Attributes:
        cells: int32 ``(N, 3)``: level, row and column of each window in that level's map.
        boxes: float32 ``(N, 4)``, the windows in pixels of the picture.
        scores: float32 ``(N,)``, P-Net's.
        fell: uint8 ``(N,)``, the :class:`Gate` that each did not pass; ``FACE`` for the faces.
        suppressed_by: int32 ``(N,)``, the window that it was given up for; -1 where NMS did not end
            its way. One that fell in NMS and has -1 was moved off the picture by calibration.
        overlap: float32 ``(N,)``, with that window: IoU, after O-Net the share of the smaller box.
        r_windows: int32 ``(R,)``, windows whose squares R-Net was shown, as ``trace.refined``.
        o_windows: int32 ``(O,)``, the same for O-Net and ``trace.output``.
        faces: int32 ``(F,)``, windows that became ``trace.output.boxes``.
        counts: windows there are, and how many pass each gate: 8 numbers.
    """

    cells: Tensor
    boxes: Tensor
    scores: Tensor
    fell: Tensor
    suppressed_by: Tensor
    overlap: Tensor
    r_windows: Tensor
    o_windows: Tensor
    faces: Tensor
    counts: tuple[int, ...]

    @property
    def furthest(self) -> int | None:
        """The best face's window, else the best of those that came furthest; None without any."""
        if len(self.faces):
            return int(self.faces[0])
        if not len(self.fell):
            return None
        return int(torch.where(self.fell == self.fell.max(), self.scores, -1).argmax())

    def find(self, level: int, row: int, column: int) -> int | None:
        """Which window this cell is; None where P-Net did not take it for a face."""
        same = (self.cells == torch.tensor([level, row, column])).all(dim=1)
        return int(same.int().argmax()) if same.any() else None


def follow(trace: MtcnnTrace) -> Journeys:
    """Follow every window above P-Net's threshold through the trace."""
    fates = _Fates(trace)
    proposed = fates.proposed
    fates.thinned(Gate.PROPOSAL_NMS, proposed, trace.proposals)
    shown_r = proposed[trace.proposals.kept][trace.refined.came_from]
    fates.asked(Gate.R_NET, shown_r)
    fates.thinned(Gate.R_NMS, shown_r, trace.refined)
    shown_o = shown_r[trace.refined.kept][trace.output.came_from]
    fates.asked(Gate.O_NET, shown_o)
    fates.thinned(Gate.O_NMS, shown_o, trace.output)
    faces = shown_o[trace.output.kept]
    fates.asked(Gate.FACE, faces)
    total = sum(level.map.numel() for level in trace.levels)
    passing = [int((fates.fell > gate).sum()) for gate in Gate if gate < Gate.FACE]
    return Journeys(
        cells=_joined([_cells_of(trace, i) for i in range(len(trace.levels))], (0, 3)).int(),
        boxes=_joined([level.boxes for level in trace.levels], (0, 4)),
        scores=_joined([level.scores for level in trace.levels], (0,)),
        fell=fates.fell,
        suppressed_by=fates.by.int(),
        overlap=fates.overlap,
        r_windows=shown_r.int(),
        o_windows=shown_o.int(),
        faces=faces.int(),
        counts=(total, *passing),
    )


class _Fates:
    """Where each window's way has ended so far; the levels' NMS is in it from the beginning."""

    def __init__(self, trace: MtcnnTrace) -> None:
        starts = [0]
        for level in trace.levels:
            starts.append(starts[-1] + len(level.boxes))
        pairs = list(zip(trace.levels, starts, strict=False))  # the last start is the end
        nowhere = torch.zeros(0, dtype=torch.int64)
        self.fell = torch.full((starts[-1],), Gate.LEVEL_NMS, dtype=torch.uint8)
        self.by = torch.cat([nowhere, *(_shifted(level.nms, start) for level, start in pairs)])
        self.overlap = _joined([level.nms.iou for level in trace.levels], (0,))
        self.proposed = torch.cat([nowhere, *(level.nms.kept + start for level, start in pairs)])

    def asked(self, gate: Gate, windows: Tensor) -> None:
        """These came as far as this gate, and nothing suppressed them before it."""
        self.fell[windows], self.by[windows], self.overlap[windows] = int(gate), -1, 0

    def thinned(self, gate: Gate, windows: Tensor, look: Look) -> None:
        """NMS among those of the look's candidates that passed its net."""
        came = windows[look.passed]
        by = look.nms.suppressed_by
        self.fell[came] = int(gate)
        self.by[came] = torch.where(by >= 0, came[by.clamp(min=0)], by)
        self.overlap[came] = look.nms.iou


def _shifted(nms: NmsTrace, start: int) -> Tensor:
    by = nms.suppressed_by
    return torch.where(by >= 0, by + start, by)


def _cells_of(trace: MtcnnTrace, index: int) -> Tensor:
    cells = trace.levels[index].cells
    return torch.cat([torch.full((len(cells), 1), index), cells], dim=1)


def _joined(parts: list[Tensor], empty: tuple[int, ...]) -> Tensor:
    return torch.cat(parts) if parts else torch.zeros(empty)
