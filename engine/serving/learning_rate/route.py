"""Losses, ways downhill and an epoch of a small net: what the Loss and learning rate page asks."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.learning_rate.compute import REACH as ANSWER_REACH

NUMBER = r"-?[0-5]\.\d\d"
Schedule = Literal["constant", "step", "cosine", "one_cycle", "warmup"]
Rate = Annotated[float, Query(ge=0.001, le=10)]
BatchSize = Annotated[int, Query(ge=8, le=512)]

router = APIRouter(prefix="/learning-rate", tags=["pages"])


@router.get("/losses", response_class=Response)
def losses(
    case: Literal["class", "number"] = "class",
    at: Annotated[float, Query(ge=-ANSWER_REACH, le=ANSWER_REACH)] = -3.0,
) -> Response:
    """``answers`` float32 (n,), ``losses`` and ``gradients`` (k, n), ``ways`` (k, steps + 1).

    The ways begin at the answer nearest to ``at``, whose place is ``about.index``; they are
    probabilities of the true class, or errors. ``arrivals`` int32 (k,): the step at which each is
    right, -1 if it is not within these steps.
    """
    from engine.serving.learning_rate import compute as descending

    found = descending.losses(case)
    index = int((found.answers - at).abs().argmin())
    ways = found.paths[:, index]
    arrays = {
        "answers": found.answers.numpy(),
        "probs": found.answers.sigmoid().numpy(),
        "losses": found.losses.numpy(),
        "gradients": found.gradients.numpy(),
        "ways": (ways.sigmoid() if case == "class" else ways).numpy(),
        "arrivals": found.arrivals[:, index].int().numpy(),
    }
    return pack(arrays, {"names": found.names, "index": index, "rate": found.rate})


@router.get("/descent", response_class=Response)
def descent(
    surface: Literal["hollows", "himmelblau", "rastrigin", "valley"] = "hollows",
    start: Annotated[str, Query(pattern=f"^{NUMBER},{NUMBER}$")] = "-3.00,3.40",
    rate: Rate = 0.1,
    momentum: Annotated[float, Query(ge=0, le=0.99)] = 0.9,
    schedule: Schedule = "constant",
) -> Response:
    """``surface`` float32 (100, 100), ``points`` (3, 61, 2), ``heights`` (3, 61), ``rates`` (60,).

    ``about.lost``: for each optimiser the step after which it had left the surface for good.
    """
    from engine.serving.learning_rate import compute as descending
    from engine.train.surfaces import REACH

    x, y = (max(-REACH, min(REACH, float(text))) for text in start.split(","))
    found = descending.descent(surface, (x, y), rate, momentum, schedule)
    arrays = {
        "surface": descending.surface(surface).numpy(),
        "points": found.points.numpy(),
        "heights": found.heights.numpy(),
        "rates": found.rates.numpy(),
    }
    return pack(arrays, {"names": found.names, "lost": found.lost, "reach": REACH})


@router.get("/epoch", response_class=Response)
def epoch(
    batch: BatchSize = 64,
    order: Literal["shuffled", "fixed", "by_class"] = "shuffled",
) -> Response:
    """``losses`` and ``moves`` float32 (batches,), ``sizes`` int32; ``pictures`` in their order.

    ``pictures`` uint8 (N, 8, 8) and ``targets`` uint8 (N,) follow the epoch, batch after batch.
    """
    from engine.serving.learning_rate import compute as descending

    found = descending.epoch(batch, order)
    data = descending.digits(order == "by_class")
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
def schedules(
    compared: Literal["rates", "schedules", "optimisers"] = "schedules",
    peak: Rate = 1,
    optimiser: Literal["sgd", "momentum", "adamw"] = "sgd",
    warmup: bool = False,
) -> Response:
    """The trainings of a comparison: three learning rates, four schedules, or three optimisers."""
    from engine.serving.comparisons.compute import plan
    from engine.serving.learning_rate import compute as descending

    runs = descending.compare(compared, peak, optimiser, warmup)
    limits = {"optimiser": {"disabled": compared == "optimisers"}}
    return pack({}, {"runs": plan(runs), "limits": limits})


@router.get("/order", response_class=Response)
def order(order_batch: BatchSize = 32) -> Response:
    """The trainings of a comparison: shuffled, one fixed order, class after class."""
    from engine.serving.comparisons.compute import plan
    from engine.serving.learning_rate import compute as descending

    runs = {
        name: descending.small_net_settings(order_batch, name)
        for name in ("shuffled", "fixed", "by_class")
    }
    return pack({}, {"runs": plan(runs)})
