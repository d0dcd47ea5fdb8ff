"""May the map be believed? Blank out what it blames, and watch the score fall.

Source: Petsiuk, Das, Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box
Models", BMVC 2018 (the deletion metric). A low area under the curve means that the pixels blamed
first were needed; but low against what? Here against **the same map moved elsewhere**.

Why not against pixels in random order, as is often done: scattered single pixels wreck a picture
far faster than one hole of the same area does, so a map of coarse blobs would lose to chance for
its shape alone; against random squares, a map as fine as integrated gradients would win for its
shape alone. Rolling the map around the picture by a random offset keeps its shapes and holes just
as they are, and changes only where they lie, which is all that is to be judged. The mean of
several offsets is taken. A map that blames nothing in particular is equal to its rolled self.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torchvision.transforms.functional import gaussian_blur

from engine.errors import InputError
from engine.explain.target_score import BATCH, TargetScore, check_range
from engine.progress import Progress, finish, timed

FILLS = ("mean", "blur")
Fill = Literal["mean", "blur"]


@dataclass(frozen=True)
class DeletionCurve:
    """How the probability falls while pixels are blanked out.

    Attributes:
        fraction: float32 ``(S + 1,)`` in [0, 1], the part of all pixels blanked, from 0 to 1.
        probs: float32 ``(S + 1,)``, the target's probability at each.
        auc: area under the curve by the trapezoid rule, in [0, 1]; the lower, the better blamed.
    """

    fraction: Tensor
    probs: Tensor
    auc: float


@dataclass(frozen=True)
class DeletionCheck:
    """The map's own curve beside those of the same map moved elsewhere.

    Attributes:
        blamed: the most blamed pixels first.
        elsewhere: mean of ``each_elsewhere``, point by point.
        each_elsewhere: one curve a random offset.
        forward_passes: pictures that went through the network, counted.
        ms: time spent computing, without what the caller did between two steps.
    """

    blamed: DeletionCurve
    elsewhere: DeletionCurve
    each_elsewhere: tuple[DeletionCurve, ...]
    forward_passes: int
    ms: float


def deletion_rank(order_map: Tensor) -> Tensor:
    """Each pixel's turn to go: 0 for the most blamed; ties by the lower index, row by row.

    Args:
        order_map: float ``(H, W)``; a coarse map must be brought to the picture's size before.

    Returns:
        int64 ``(H, W)``, each of ``0 … H * W - 1`` once.
    """
    order = torch.argsort(order_map.flatten(), descending=True, stable=True)
    rank = torch.empty_like(order)
    rank[order] = torch.arange(len(order), device=order.device)
    return rank.view_as(order_map)


def fill_picture(x: Tensor, fill: Fill) -> Tensor:
    """What is seen where a pixel has gone.

    - "mean": the picture's own mean colour. Plain to see; its edges are hard.
    - "blur": the picture under a Gaussian blur of a sixteenth of the shorter side, strong enough
      that what was there cannot be told; soft edges.

    Args:
        x: float32 ``(1, 3, H, W)``.

    Returns:
        float32 ``(1, 3, H, W)``.

    Raises:
        InputError: an unknown fill.
    """
    if fill not in FILLS:
        raise InputError("value_not_a_choice", name="fill", choices=", ".join(FILLS), value=fill)
    if fill == "mean":
        return x.mean(dim=(2, 3), keepdim=True).expand_as(x)
    sigma_px = min(x.shape[2:]) / 16
    return gaussian_blur(x, [2 * int(3 * sigma_px) + 1] * 2, [sigma_px] * 2)  # to 3 sigma


def blanked(x: Tensor, order_map: Tensor, fraction: float, fill: Fill = "mean") -> Tensor:
    """The very picture that the network sees with the most blamed ``fraction`` of pixels gone.

    Args:
        x: float32 ``(1, 3, H, W)``.
        order_map: float ``(H, W)``, the greatest goes first.
        fraction: in [0, 1]; rounded to whole pixels.
        fill: see :func:`fill_picture`.

    Returns:
        float32 ``(1, 3, H, W)``.

    Raises:
        InputError: a fraction outside [0, 1], or an unknown fill.
        ValueError: the map is not of the picture's size.
    """
    check_range("fraction", fraction, 0, 1)
    rank = _rank_for(x, order_map)
    return torch.where(rank < round(fraction * rank.numel()), fill_picture(x, fill), x)


def deletion_curve(
    model: nn.Module,
    x: Tensor,
    target: int,
    order_map: Tensor,
    steps: int = 20,
    fill: Fill = "mean",
) -> DeletionCurve:
    """Blank out the most blamed pixels first, in ``steps`` equal parts: ``steps + 1`` passes.

    Args:
        model: classifier in eval mode; it is not hooked.
        x: float32 ``(1, 3, H, W)``, on the model's device.
        target: class index.
        order_map: float ``(H, W)``, the greatest goes first.
        steps: ``1 <= steps <= H * W``.
        fill: see :func:`fill_picture`.

    Raises:
        InputError: a class, a number of steps or a fill that does not exist.
        ValueError: the map is not of the picture's size, or the model is in training mode.
    """
    score = TargetScore(model, target, "prob")
    (curve,) = finish(_curves_steps(score, x, [order_map], steps, fill))
    return curve


def moved_elsewhere(order_map: Tensor, generator: torch.Generator) -> Tensor:
    """The map ``(H, W)``, rolled around by a random offset, each as likely as any other."""
    offset = [
        int(torch.randint(side, (), generator=generator, device=generator.device))
        for side in order_map.shape
    ]
    return torch.roll(order_map, offset, dims=(0, 1))


def deletion_check(
    model: nn.Module,
    x: Tensor,
    target: int,
    order_map: Tensor,
    generator: torch.Generator,
    *,
    steps: int = 20,
    repeats: int = 4,
    fill: Fill = "mean",
) -> DeletionCheck:
    """The curve of ``order_map``, and of ``repeats`` (1 to 100) copies of it moved elsewhere.

    The other arguments and errors are those of :func:`deletion_curve`; ``generator`` draws where
    the copies go. It takes ``(1 + repeats) * (steps + 1)`` passes.
    """
    return finish(
        deletion_check_steps(
            model, x, target, order_map, generator, steps=steps, repeats=repeats, fill=fill
        )
    )


def deletion_check_steps(
    model: nn.Module,
    x: Tensor,
    target: int,
    order_map: Tensor,
    generator: torch.Generator,
    *,
    steps: int = 20,
    repeats: int = 4,
    fill: Fill = "mean",
) -> Generator[Progress[DeletionCheck]]:
    """As :func:`deletion_check`, with progress; stop iterating, or ``close()``, to abandon it.

    Yields:
        Progress in points of the curves; the last with the check.
    """
    check_range("repeats", repeats, 1, 100)
    score = TargetScore(model, target, "prob")
    maps = [order_map, *(moved_elsewhere(order_map, generator) for _ in range(repeats))]
    for step, ms in timed(_curves_steps(score, x, maps, steps, fill)):
        if step.result is None:
            yield Progress(step.done, step.total)
            continue
        blamed, *moved = step.result
        mean = _curve(blamed.fraction, torch.stack([curve.probs for curve in moved]).mean(dim=0))
        check = DeletionCheck(blamed, mean, tuple(moved), score.forward_passes, ms)
        yield Progress(step.done, step.total, check)


@torch.no_grad()
def _curves_steps(
    score: TargetScore, x: Tensor, maps: list[Tensor], steps: int, fill: Fill
) -> Generator[Progress[list[DeletionCurve]]]:
    ranks = [_rank_for(x, order_map) for order_map in maps]
    pixels = ranks[0].numel()
    check_range("steps", steps, 1, pixels)
    filled = fill_picture(x, fill)
    gone = [round(s / steps * pixels) for s in range(steps + 1)]
    points = [(rank, count) for rank in ranks for count in gone]
    probs: list[Tensor] = []
    for first in range(0, len(points), BATCH):
        chunk = points[first : first + BATCH]
        probs.append(score(torch.cat([torch.where(r < count, filled, x) for r, count in chunk])))
        done = first + len(chunk)
        if done < len(points):
            yield Progress(done, len(points))
    fraction = torch.tensor(gone) / pixels
    rows = torch.cat(probs).cpu().view(len(maps), steps + 1)
    yield Progress(len(points), len(points), [_curve(fraction, row) for row in rows])


def _curve(fraction: Tensor, probs: Tensor) -> DeletionCurve:
    return DeletionCurve(fraction, probs, torch.trapezoid(probs, fraction).item())


def _rank_for(x: Tensor, order_map: Tensor) -> Tensor:
    if order_map.shape != x.shape[2:]:
        raise ValueError(f"map {tuple(order_map.shape)} for a picture {tuple(x.shape[2:])}")
    return deletion_rank(order_map).to(x.device)
