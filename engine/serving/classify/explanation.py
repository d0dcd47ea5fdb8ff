"""Why a network said what it said, as the stage asks for it: maps of blame and their check.

Each explanation runs on a private copy of the network, since Captum hooks what it is given; the
maps are kept (see ``jobs``), so that moving a slider over one costs one forward pass at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.pictures import Picture
from engine.progress import Progress
from engine.serving.jobs import jobs
from engine.serving.readings import Reading, read_picture

if TYPE_CHECKING:
    from torch import Tensor

    from engine.explain.attribution import Attribution
    from engine.explain.deletion import DeletionCheck, DeletionCurve

Verdict = Literal["passes", "open", "fails"]

SEED = 0
RANDOM_ORDERS = 4
_CHANCE_PART = RANDOM_ORDERS * 21  # passes that the random orders take, for the progress


def explain(
    picture: Picture, model: str, method: str, target: int, wait_s: float
) -> "Attribution | Progress[Attribution]":
    """The map of blame for class ``target``, or how far it is after ``wait_s``.

    Raises:
        InputError: no such network, method or class, or the network keeps no map for Grad-CAM.
    """
    from engine.explain.attribution import attribute_steps
    from engine.nets.residence import residence

    def work() -> "Iterator[Progress[Attribution]]":
        reading = read_picture(picture, model)
        private = residence().private_copy(model)
        yield from attribute_steps(method, private, reading.x, target)

    return jobs().ask(("blame", picture.ref, model, method, target), work, wait_s)


def check_by_deletion(
    picture: Picture, model: str, target: int, blame: "Attribution"
) -> "tuple[DeletionCheck, DeletionCurve] | Progress":
    """How the probability falls as blamed pixels go, beside the map moved elsewhere and chance.

    Returns:
        The check, and the mean curve of pixels in random order; or how far they are.
    """

    def work() -> "Iterator[Progress[tuple[DeletionCheck, DeletionCurve]]]":
        import torch

        from engine.explain.chance import random_order_steps
        from engine.explain.deletion import deletion_check_steps
        from engine.nets.residence import residence

        x = read_picture(picture, model).x
        shared = residence().resident(model)
        generator = torch.Generator().manual_seed(SEED)
        check = None
        order = blame.map.to(x.device)
        for step in deletion_check_steps(shared, x, target, order, generator):
            check = step.result
            yield Progress(step.done, step.total + _CHANCE_PART)
        assert check is not None
        total = step.total + _CHANCE_PART
        for chance in random_order_steps(shared, x, target, generator, repeats=RANDOM_ORDERS):
            both = None if chance.result is None else (check, chance.result)
            done = step.total + _CHANCE_PART * chance.done // RANDOM_ORDERS
            yield Progress(done, total, both)

    return jobs().ask(("deletion", picture.ref, model, blame.method, target), work)


@dataclass(frozen=True, eq=False)
class Without:
    """The network's input with the most blamed pixels gone, and what it then says.

    Attributes:
        x: float32 ``(1, 3, h, w)``, normalised.
        gone: bool ``(h, w)``, the pixels that are gone.
        probs: float32 ``(classes,)`` on the CPU.
    """

    x: "Tensor"
    gone: "Tensor"
    probs: "Tensor"


def remove_blamed(reading: Reading, blame: "Attribution", fraction: float) -> Without:
    """The picture without the ``fraction`` of its pixels that is blamed most."""
    from engine.explain.deletion import blanked, deletion_rank
    from engine.nets.classify import classify
    from engine.nets.residence import residence

    x = blanked(reading.x, blame.map.to(reading.x.device), fraction)
    gone = deletion_rank(blame.map) < round(fraction * blame.map.numel())
    return Without(x, gone, classify(residence().resident(reading.facts.name), x)[0])


def judge(check: "DeletionCheck") -> tuple[Verdict, int]:
    """Whether the map passes the test, and at how many of the other places it does better.

    It passes where its area is smaller than that of every copy moved elsewhere, and fails where it
    is not smaller than their mean; in between the test leaves it open.
    """
    others = [curve.auc for curve in check.each_elsewhere]
    beaten = sum(check.blamed.auc < other for other in others)
    if check.blamed.auc >= check.elsewhere.auc:
        return "fails", beaten
    return ("passes" if beaten == len(others) else "open"), beaten
