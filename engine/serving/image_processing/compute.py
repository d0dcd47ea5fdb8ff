"""Image processing as the page asks for it: a chain on a bounded copy, before and after a step."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from engine.pictures import error_map, histogram, psnr_db, resize_longest, resolve
from engine.processing import Done, describe, parse_chain, program, run_chain
from engine.processing.geometric import MAX_SIDE_PX, Resize
from engine.processing.operation import Operation, Size
from engine.processing.program import code_of, main_line
from engine.processing.restoration import (
    BilateralFilter,
    GaussianBlur,
    MedianBlur,
    NonLocalMeans,
)
from engine.serving.image_processing.contract import COPY_SIDE_PX, ChainQuestion, Question

MOST_PERCENT = 400


@dataclass(frozen=True, eq=False)
class Chained:
    """A chain that has been run.

    Attributes:
        clean: uint8 (H, W, 3) in BGR, the copy that was worked on.
        done: its steps.
        opened: the number of the step that is looked at; -1 where there is none.
        shrunk_to: (H, W) of the copy; None where it is the picture itself.
        file_name: of the learner's picture, as a PNG.
    """

    clean: np.ndarray
    done: list[Done]
    opened: int
    shrunk_to: Size | None
    file_name: str

    def left_by(self, number: int) -> np.ndarray:
        """What step ``number`` left; the clean copy for -1."""
        return self.done[number].picture if number >= 0 else self.clean

    def psnr_after(self, number: int) -> float | None:
        """Of what a step left against the clean copy, in dB; infinite where they are equal.

        None where places cannot be compared: pixels have moved, or are of another kind.
        """
        moved = any(each.calls and each.step.operation.MOVES for each in self.done[: number + 1])
        left = self.left_by(number)
        return None if moved or left.shape != self.clean.shape else psnr_db(self.clean, left)


def chain_of(asked: ChainQuestion) -> Chained:
    """Run the chain that is asked for.

    Raises:
        InputError: no such picture, or a chain that cannot be run.
    """
    picture = resolve(asked.picture)
    steps = parse_chain(asked.chain)
    copy = resize_longest(picture.pixels, COPY_SIDE_PX)
    clean = np.ascontiguousarray(copy[:, :, ::-1])
    done = run_chain(clean, steps)
    last = len(steps) - 1
    opened = min(int(asked.step), last) if asked.step else last
    shrunk_to = None if copy is picture.pixels else (copy.shape[0], copy.shape[1])
    return Chained(clean, done, opened, shrunk_to, f"{picture.stem}.png")


def see(asked: Question) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """What the stage shows: see the route."""
    chained = chain_of(asked)
    opened = chained.opened
    start = opened - 1 if asked.before == "previous" else -1
    before, after = (as_rgb(chained.left_by(n)) for n in (max(start, -1), opened))
    arrays = {
        "before": before,
        "after": after,
        "counts": np.stack([_counts(before), _counts(after)]),
    }
    if before.shape == after.shape:
        arrays["difference"] = error_map(before, after)
    about = {
        "size": chained.clean.shape[:2],
        "operations": describe(),
        "opened": opened,
        "steps": [_told(chained, number) for number in range(len(chained.done))],
        "psnr_db": [_finite(chained.psnr_after(n)) for n in (max(start, -1), opened)],
    }
    return arrays, about


def tell(asked: ChainQuestion) -> dict[str, Any]:
    """What the page says in words: see the route."""
    chained = chain_of(asked)
    return {
        "code": program(chained.done, chained.file_name, chained.shrunk_to),
        "size": chained.clean.shape[:2],
        "restoring": _restoring(chained),
    }


def as_rgb(picture: np.ndarray) -> np.ndarray:
    """What OpenCV has, uint8 (H, W, 3) in BGR or (H, W), as uint8 (H, W, 3) in RGB."""
    if picture.ndim == 2:
        return np.ascontiguousarray(np.broadcast_to(picture[:, :, None], (*picture.shape, 3)))
    return np.ascontiguousarray(picture[:, :, ::-1])


def _counts(pixels: np.ndarray) -> np.ndarray:
    """uint32 (256,): how often each grey occurs."""
    return histogram(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))[0].astype(np.uint32)


def _finite(decibels: float | None) -> float | str | None:
    """JSON has no infinity: "equal" stands for it."""
    if decibels is None:
        return None
    return "equal" if math.isinf(decibels) else decibels


def _told(chained: Chained, number: int) -> dict[str, Any]:
    done = chained.done[number]
    operation = done.step.operation
    told: dict[str, Any] = {
        "name": operation.NAME,
        "code": [line for call in done.calls for line in code_of(call)],
        "call": main_line(operation) if done.calls else "",
        "converted": len(done.calls) > 1 and done.calls[0].NAME,
        "psnr_db": _finite(chained.psnr_after(number)),
        "size": done.picture.shape[:2],
        "channels": 1 if done.picture.ndim == 2 else 3,
        "facts": done.facts,
    }
    if isinstance(operation, Resize):
        longest = max(chained.left_by(number - 1).shape[:2])
        step = 5
        most = MAX_SIDE_PX * 100 // longest // step * step
        told["limits"] = {"percent": {"high": min(MOST_PERCENT, most)}}
    return told


def _restoring(chained: Chained) -> dict[str, Any] | None:
    """The first filter after noise: what it made of it, and what others would have in its place."""
    spoilt = None
    for number, each in enumerate(chained.done):
        if not each.calls:
            continue
        if each.step.operation.ADDS_NOISE:
            spoilt = number
        elif each.step.operation.RESTORES and spoilt is not None:
            return _rivals(chained, spoilt, number)
    return None


def _rivals(chained: Chained, spoilt: int, number: int) -> dict[str, Any] | None:
    reached = chained.psnr_after(number)
    noisy = chained.psnr_after(number - 1)
    if reached is None or noisy is None:
        return None
    operation = chained.done[number].step.operation
    others = {
        each.NAME: _finite(psnr_db(chained.clean, each.apply(chained.left_by(number - 1))))
        for each in _in_its_place(operation)
    }
    return {
        "noise": chained.done[spoilt].step.operation.NAME,
        "filter": operation.NAME,
        "noisy_db": _finite(noisy),
        "reached_db": _finite(reached),
        "others_db": others,
    }


def _in_its_place(operation: Operation) -> Sequence[Operation]:
    """The other filters at their first settings; Gaussian and median in a window of its size."""
    window = getattr(operation, "ksize", MedianBlur().ksize)
    every = (MedianBlur(window), GaussianBlur(window), BilateralFilter(), NonLocalMeans())
    return [each for each in every if each.NAME != operation.NAME]
