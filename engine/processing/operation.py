"""What every operation is: a frozen dataclass whose fields know their bounds, and its ``apply``."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

import numpy as np

from engine.errors import InputError

Takes = Literal["any", "colour", "grey"]
Size = tuple[int, int]
_NS_PER_PX = 60.0  # of what is neither bilateral nor a search: measured at most 40 on one core


@dataclass(frozen=True)
class Bounds:
    """Of a number: ``low``, ``high`` and the step of its slider; whole numbers stand on a step."""

    low: float
    high: float
    step: float
    is_whole: bool


@dataclass(frozen=True)
class Options:
    """Of a choice: OpenCV's own names, most of them constants of ``cv2``."""

    names: tuple[str, ...]


def whole(default: int, low: int, high: int, step: int = 1) -> Any:
    """A field of whole numbers ``low``, ``low + step``, … up to ``high``."""
    return field(default=default, metadata={"bounds": Bounds(low, high, step, is_whole=True)})


def real(default: float, low: float, high: float, step: float) -> Any:
    """A field of numbers in ``[low, high]``; a slider moves it by ``step``."""
    return field(default=default, metadata={"bounds": Bounds(low, high, step, is_whole=False)})


def choice(default: str, names: Sequence[str]) -> Any:
    """A field with one of several names."""
    return field(default=default, metadata={"bounds": Options(tuple(names))})


@dataclass(frozen=True)
class Operation:
    """One operation with its arguments.

    Attributes:
        NAME: as chains and labels call it.
        TAKES: what it needs: three channels, one, or either. A chain converts where it must.
        MOVES: whether pixels change places, so that places cannot be compared any more.
        ADDS_NOISE: whether it spoils the picture on purpose.
        RESTORES: whether it is meant to take noise away again.

    Raises:
        InputError: an argument that is out of its bounds, or no such choice.
    """

    NAME: ClassVar[str]
    TAKES: ClassVar[Takes] = "any"
    MOVES: ClassVar[bool] = False
    ADDS_NOISE: ClassVar[bool] = False
    RESTORES: ClassVar[bool] = False

    def __post_init__(self) -> None:
        for each in fields(self):
            check(self.NAME, each.name, each.metadata["bounds"], getattr(self, each.name))

    def apply(self, picture: np.ndarray) -> np.ndarray:
        """The picture after the operation.

        Straight-line code on ``picture``, ``cv2`` and ``np`` alone, ending in ``return``: it is
        printed as it stands, ``self.<field>`` replaced by its value.

        Args:
            picture: uint8 (H, W, 3) in BGR or (H, W), as :attr:`TAKES` says; it is only read.

        Returns:
            uint8 (h, w, 3) in BGR or (h, w).
        """
        raise NotImplementedError

    def size_after(self, size: Size) -> Size:
        """(H, W) after it, for a picture of ``size``."""
        return size

    def cost_s(self, size: Size) -> float:
        """About how many seconds of a core it takes on a picture of ``size``."""
        return size[0] * size[1] * _NS_PER_PX * 1e-9

    def facts(self, picture: np.ndarray) -> dict[str, float]:
        """Numbers that it found in ``picture`` (what :meth:`apply` is given) by itself."""
        del picture
        return {}


def check(name: str, field_name: str, bounds: Bounds | Options, value: object) -> None:
    """Refuse an argument that an operation does not take.

    Raises:
        InputError: out of bounds, between two steps of whole numbers, or not a choice.
    """
    told = f"{name}.{field_name}"
    if isinstance(bounds, Options):
        if value not in bounds.names:
            choices = ", ".join(bounds.names)
            raise InputError("value_not_a_choice", name=told, choices=choices, value=value)
        return
    low, high, step = bounds.low, bounds.high, bounds.step
    kinds = (int,) if bounds.is_whole else (int, float)
    fits = isinstance(value, kinds) and low <= value <= high  # NaN fits nowhere
    if not fits:
        raise InputError("value_out_of_range", name=told, low=low, high=high, value=value)
    if bounds.is_whole and (value - low) % step:  # type: ignore[operator]
        accepted = f"{low:g}, {low + step:g}, … {high:g}"
        raise InputError("value_wrong", name=told, value=value, accepted=accepted)
