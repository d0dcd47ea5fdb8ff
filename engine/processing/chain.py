"""A chain of operations: as a short text that links hold, parsed strictly, and as it is run.

The text: ``salt_and_pepper,10,1;median_blur,3``. Steps are divided by ``;``, each an operation's
name and all its arguments in their order, divided by ``,``; a minus before the name switches the
step off.
"""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import ClassVar

import cv2
import numpy as np

from engine.errors import InputError
from engine.processing.catalogue import OPERATIONS
from engine.processing.operation import Bounds, Operation, Size, Takes

MAX_STEPS = 8
MAX_COST_S = 2.0  # of a core, by the operations' own estimates
_WHOLE = re.compile(r"-?[0-9]{1,5}")
_REAL = re.compile(r"-?[0-9]{1,5}(?:\.[0-9]{1,4})?")


@dataclass(frozen=True)
class Step:
    """An operation, and whether it is switched on."""

    operation: Operation
    is_on: bool = True


@dataclass(frozen=True)
class ToGrey(Operation):
    """Put in by the chain where an operation needs one channel."""

    NAME: ClassVar[str] = "grey"

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


@dataclass(frozen=True)
class ToColour(Operation):
    """Put in by the chain where an operation needs three channels."""

    NAME: ClassVar[str] = "colour"

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)


@dataclass(frozen=True, eq=False)
class Done:
    """A step that has been done, or passed over.

    Attributes:
        step: which.
        calls: what ran, in order: a conversion if one was needed, and the operation; none if off.
        picture: uint8 (H, W, 3) in BGR or (H, W): what the step left.
        facts: numbers that the operation found by itself.
    """

    step: Step
    calls: tuple[Operation, ...]
    picture: np.ndarray
    facts: dict[str, float]


def parse_chain(text: str) -> tuple[Step, ...]:
    """The steps that a text names; none for an empty text.

    Raises:
        InputError: too many steps, an unknown operation, a wrong number of arguments, or one that
            is out of bounds.
    """
    parts = text.split(";") if text else []
    if len(parts) > MAX_STEPS:
        raise InputError("chain_too_long", steps=len(parts), most=MAX_STEPS)
    return tuple(_step(part) for part in parts)


def _step(part: str) -> Step:
    name, *arguments = part.split(",")
    kind = OPERATIONS.get(name.removeprefix("-"))
    if kind is None:
        choices = ", ".join(OPERATIONS)
        raise InputError("value_not_a_choice", name="chain", choices=choices, value=name[:40])
    told = fields(kind)
    if len(arguments) != len(told):
        form = ",".join([kind.NAME, *(each.name for each in told)])
        raise InputError("step_malformed", step=part[:80], form=form)
    values = [
        _value(each.metadata["bounds"], a, part) for each, a in zip(told, arguments, strict=True)
    ]
    return Step(kind(*values), is_on=not name.startswith("-"))


def _value(bounds: object, text: str, part: str) -> int | float | str:
    if not isinstance(bounds, Bounds):
        return text  # its operation knows its choices
    form = _WHOLE if bounds.is_whole else _REAL
    if not form.fullmatch(text):
        raise InputError("step_number", step=part[:80], value=text[:20])
    return int(text) if bounds.is_whole else float(text)


def write_chain(steps: Sequence[Step]) -> str:
    """The text that :func:`parse_chain` reads as these steps."""
    return ";".join(
        ",".join([f"{'' if s.is_on else '-'}{s.operation.NAME}", *map(_text, astuple(s.operation))])
        for s in steps
    )


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def run_chain(picture: np.ndarray, steps: Sequence[Step]) -> list[Done]:
    """Do the steps one after the other.

    Args:
        picture: uint8 (H, W, 3) in BGR.
        steps: at most :data:`MAX_STEPS`.

    Returns:
        One :class:`Done` a step.

    Raises:
        InputError: it would take more than :data:`MAX_COST_S`, a size out of bounds, or a picture
            that OpenCV cannot do a step on.
    """
    _check_cost((picture.shape[0], picture.shape[1]), steps)
    done = []
    for step in steps:
        calls, facts = (), {}
        if step.is_on:
            calls = (*_conversion(picture, step.operation.TAKES), step.operation)
            picture, facts = _do(calls, picture)
        done.append(Done(step, calls, picture, facts))
    return done


def _check_cost(size: Size, steps: Sequence[Step]) -> None:
    cost = 0.0
    for step in steps:
        if step.is_on:
            after = step.operation.size_after(size)
            larger = max(size, after, key=lambda each: each[0] * each[1])
            cost += step.operation.cost_s(larger)
            size = after
    if cost > MAX_COST_S:
        raise InputError("chain_too_costly", seconds=f"{cost:.1f}", most=f"{MAX_COST_S:g}")


def _conversion(picture: np.ndarray, takes: Takes) -> tuple[Operation, ...]:
    if takes == "grey" and picture.ndim == 3:
        return (ToGrey(),)
    return (ToColour(),) if takes == "colour" and picture.ndim == 2 else ()


def _do(calls: Sequence[Operation], picture: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
    facts: dict[str, float] = {}
    for call in calls:
        try:
            facts = call.facts(picture)
            picture = call.apply(picture)
        except cv2.error as error:
            height, width = picture.shape[:2]
            raise InputError("step_refused", name=call.NAME, width=width, height=height) from error
    return picture, facts
