"""Losses, ways downhill and an epoch of a small net: what the Loss and learning rate page asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.learning_rate.contract import (
    DescentQuestion,
    EpochQuestion,
    LossesQuestion,
    OrderQuestion,
    SchedulesQuestion,
)

router = APIRouter(prefix="/learning-rate", tags=["pages"])


@router.get("/losses", response_class=Response)
def losses(asked: Annotated[LossesQuestion, Query()]) -> Response:
    """``answers`` float32 (n,), ``losses`` and ``gradients`` (k, n), ``ways`` (k, steps + 1).

    The ways begin at the answer nearest to ``at``, whose place is ``about.index``; they are
    probabilities of the true class, or errors. ``arrivals`` int32 (k,): the step at which each is
    right, -1 if it is not within these steps.

    Bound: 1 s of a core, 50 MiB.
    """
    from engine.serving.learning_rate import compute as descending

    found = descending.losses(asked.case)
    index = int((found.answers - asked.at).abs().argmin())
    ways = found.paths[:, index]
    arrays = {
        "answers": found.answers.numpy(),
        "probs": found.answers.sigmoid().numpy(),
        "losses": found.losses.numpy(),
        "gradients": found.gradients.numpy(),
        "ways": (ways.sigmoid() if asked.case == "class" else ways).numpy(),
        "arrivals": found.arrivals[:, index].int().numpy(),
    }
    return pack(arrays, {"names": found.names, "index": index, "rate": found.rate})


@router.get("/descent", response_class=Response)
def descent(asked: Annotated[DescentQuestion, Query()]) -> Response:
    """``surface`` float32 (100, 100), ``points`` (3, 61, 2), ``heights`` (3, 61), ``rates`` (60,).

    ``about.lowest``: where the surface is lowest, ``x``, ``y`` and ``height``;
    ``about.lost``: for each optimiser the step after which it had left the surface for good.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.learning_rate import compute as descending
    from engine.train.surfaces import REACH, lowest_point

    x, y = (max(-REACH, min(REACH, float(text))) for text in asked.start.split(","))
    found = descending.descent(asked.surface, (x, y), asked.rate, asked.momentum, asked.schedule)
    arrays = {
        "surface": descending.surface(asked.surface).numpy(),
        "points": found.points.numpy(),
        "heights": found.heights.numpy(),
        "rates": found.rates.numpy(),
    }
    return pack(
        arrays,
        {
            "names": found.names,
            "lost": found.lost,
            "reach": REACH,
            "lowest": vars(lowest_point(asked.surface)),
        },
    )


@router.get("/epoch", response_class=Response)
def epoch(asked: Annotated[EpochQuestion, Query()]) -> Response:
    """``losses`` and ``moves`` float32 (batches,), ``sizes`` int32; ``pictures`` in their order.

    ``pictures`` uint8 (N, 8, 8) and ``targets`` uint8 (N,) follow the epoch, batch after batch.

    Bound: 1 s of a core, 50 MiB.
    """
    from engine.serving.learning_rate import compute as descending

    found = descending.epoch(asked.batch, asked.order)
    data = descending.digits(asked.order == "by_class")
    arrays = {
        "losses": found.losses.numpy(),
        "moves": found.moves.numpy(),
        "sizes": found.sizes.int().numpy(),
        "pictures": data.train_images[found.order, 0].numpy(),
        "targets": data.train_targets[found.order].byte().numpy(),
    }
    about = {
        "displacement": found.displacement,
        "weights": found.weights,
        "before": found.before,
        "after": found.after,
        "held": len(data.validation_targets),
        "rate": descending.EPOCH_RATE,
    }
    return pack(arrays, about)


@router.get("/schedules", response_class=Response)
def schedules(asked: Annotated[SchedulesQuestion, Query()]) -> Response:
    """The trainings of a comparison: three learning rates, four schedules, or three optimisers.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.comparisons.compute import plan
    from engine.serving.learning_rate import compute as descending

    runs = descending.compare(asked.compared, asked.peak, asked.optimiser, asked.warmup)
    limits = {"optimiser": {"disabled": asked.compared == "optimisers"}}
    return pack({}, {"runs": plan(runs), "limits": limits})


@router.get("/order", response_class=Response)
def order(asked: Annotated[OrderQuestion, Query()]) -> Response:
    """The trainings of a comparison: shuffled, one fixed order, class after class.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.comparisons.compute import plan
    from engine.serving.learning_rate import compute as descending

    runs = {
        name: descending.small_net_settings(asked.order_batch, name)
        for name in ("shuffled", "fixed", "by_class")
    }
    return pack({}, {"runs": plan(runs)})
