"""What a detector answers: boxes, how sure it is of each, and what it takes them for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor

from engine.detection.boxes import check_boxes
from engine.errors import InputError

_LARGEST = torch.finfo(torch.float32).max


@dataclass(frozen=True, eq=False)
class Detections:
    """Detections on one picture, highest score first; on the CPU.

    :meth:`ranked` sorts; this constructor insists on the order.

    Attributes:
        boxes: float32 ``(N, 4)``, ``xyxy`` in pixels, half-open.
        scores: float32 ``(N,)`` in [0, 1], none above the one before it.
        labels: int64 ``(N,)``, index into ``class_names``.
        class_names: what the labels mean.

    Raises:
        InputError: a number is not finite or out of its range, or a box is inside out.
        ValueError: shapes or types that do not belong together, or scores out of order.
    """

    boxes: Tensor
    scores: Tensor
    labels: Tensor
    class_names: tuple[str, ...]

    def __post_init__(self) -> None:
        given = {
            "boxes": (self.boxes, torch.float32, (len(self.boxes), 4)),
            "scores": (self.scores, torch.float32, (len(self.boxes),)),
            "labels": (self.labels, torch.int64, (len(self.boxes),)),
        }
        for name, (tensor, dtype, shape) in given.items():
            if tensor.dtype != dtype or tuple(tensor.shape) != shape:
                found = f"{tensor.dtype} {tuple(tensor.shape)}"
                raise ValueError(f"{name} must be {dtype} {shape}, not {found}")
        check_boxes(self.boxes)
        check_scores(self.scores)
        if not ((self.labels >= 0) & (self.labels < len(self.class_names))).all():
            raise ValueError(f"labels must be indices of {len(self.class_names)} class names")
        if (self.scores.diff() > 0).any():
            raise ValueError("the scores must fall: Detections.ranked sorts them")

    def __len__(self) -> int:
        return len(self.boxes)

    @classmethod
    def ranked(
        cls, boxes: Tensor, scores: Tensor, labels: Tensor, class_names: Sequence[str]
    ) -> Self:
        """Detections from any order and device; equal scores stay in the order given.

        Args:
            boxes: float ``(N, 4)``, ``xyxy``.
            scores: float ``(N,)`` in [0, 1].
            labels: integer ``(N,)``.
            class_names: what the labels mean.

        Raises:
            InputError, ValueError: as the class itself says.
        """
        scores = scores.detach().to("cpu", torch.float32)
        check_scores(scores)  # first: NaN has no place in any order
        order = rank(scores)
        return cls(
            boxes=boxes.detach().to("cpu", torch.float32)[order],
            scores=scores[order],
            labels=labels.detach().to("cpu", torch.int64)[order],
            class_names=tuple(class_names),
        )

    @classmethod
    def none(cls, class_names: Sequence[str] = ()) -> Self:
        """Nothing found."""
        nowhere = torch.zeros(0, dtype=torch.int64)
        return cls(torch.zeros(0, 4), torch.zeros(0), nowhere, tuple(class_names))

    def take(self, chosen: Tensor) -> Self:
        """Those chosen, in rank order: bool ``(N,)``, or indices ``(K,)``, each once."""
        chosen = chosen.nonzero()[:, 0] if chosen.dtype == torch.bool else chosen.sort().values
        return type(self)(
            self.boxes[chosen], self.scores[chosen], self.labels[chosen], self.class_names
        )

    def at_least(self, score: float) -> Self:
        """Those whose score is ``score`` or more."""
        return self.take(self.scores >= score)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The API's answer, best first: ``{"box": [x1, y1, x2, y2], "score", "label"}``."""
        rows = zip(self.boxes.tolist(), self.scores.tolist(), self.labels.tolist(), strict=True)
        return [
            {"box": box, "score": score, "label": self.class_names[label]}
            for box, score, label in rows
        ]

    @classmethod
    def from_dicts(cls, rows: Sequence[Mapping[str, Any]], class_names: Sequence[str]) -> Self:
        """What :meth:`to_dicts` wrote, in any order.

        Raises:
            InputError: a row lacks something, names an unknown class, or holds what is no number.
        """
        boxes = [_read_box(row, index) for index, row in enumerate(rows)]
        scores = [_read_number(row, "score", index) for index, row in enumerate(rows)]
        labels = [_read_label(row, class_names, index) for index, row in enumerate(rows)]
        return cls.ranked(
            torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
            torch.tensor(scores, dtype=torch.float32),
            torch.tensor(labels, dtype=torch.int64),
            class_names,
        )


def rank(scores: Tensor) -> Tensor:
    """Indices by falling score, ties by the lower index: ``(N,)`` int64."""
    return scores.argsort(descending=True, stable=True)


def check_scores(scores: Tensor) -> None:
    """Raise unless all ``scores`` lie in [0, 1].

    Raises:
        InputError: one does not, or is not a number.
    """
    right = (scores >= 0) & (scores <= 1)  # comparisons with NaN are false
    if not right.all():
        index = int((~right).to(torch.uint8).argmax())
        raise InputError("score_out_of_range", index=index, value=f"{scores[index].item():g}")


def _read_box(row: Mapping[str, Any], index: int) -> list[float]:
    box = row.get("box")
    if not isinstance(box, list | tuple) or len(box) != 4:
        raise InputError("detection_box", index=index)
    return [_read_number({"box": number}, "box", index) for number in box]


def _read_number(row: Mapping[str, Any], name: str, index: int) -> float:
    value = row.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InputError("detection_number", index=index, name=name)
    if not abs(value) <= _LARGEST:  # true for NaN too
        raise InputError("detection_number", index=index, name=name)
    return float(value)


def _read_label(row: Mapping[str, Any], class_names: Sequence[str], index: int) -> int:
    label = row.get("label")
    if not isinstance(label, str) or label not in class_names:
        choices = ", ".join(class_names)
        raise InputError("detection_label", index=index, label=label, choices=choices)
    return list(class_names).index(label)
