"""Gradients through a deep net, and a race of two: what the Vanishing gradients page asks."""

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse

from engine.serving.binary import pack

if TYPE_CHECKING:
    from engine.neurons.depth import DepthSettings

Activation = Literal["sigmoid", "tanh", "relu", "leaky_relu", "gelu"]
Init = Literal["pytorch", "xavier", "he", "small"]
Norm = Literal["none", "batch", "layer"]
RIVAL = {"activation": "relu", "init": "he", "norm": "batch", "skip": True}

router = APIRouter(prefix="/vanishing-gradients", tags=["pages"])


def _settings(
    depth: Annotated[int, Query(ge=2, le=50)] = 10,
    width: Annotated[int, Query(ge=4, le=256)] = 32,
    activation: Activation = "sigmoid",
    init: Init = "pytorch",
    norm: Norm = "none",
    skip: bool = False,
) -> "DepthSettings":
    from engine.neurons.depth import DepthSettings

    return DepthSettings(depth, width, activation, init, norm, skip)


@router.get("", response_class=Response)
def gradients(settings: Annotated[object, Depends(_settings)]) -> Response:
    """``norms`` and ``textbook`` float32 (depth,), ``histograms`` int32 (depth − 1, 32), ranges."""
    from engine.neurons.depth import DepthSettings
    from engine.serving.vanishing_gradients.compute import STUDIED, study

    assert isinstance(settings, DepthSettings)
    found = study(settings)
    arrays = {
        "norms": found.norms.numpy(),
        "textbook": found.textbook.float().numpy(),
        "histograms": found.histograms.int().numpy(),
        "ranges": found.ranges.numpy(),
        "spreads": found.spreads.numpy(),
    }
    return pack(arrays, {"factor": found.factor, "loss": found.loss, "batch": STUDIED})


@router.get("/race", response_class=Response)
def race(
    settings: Annotated[object, Depends(_settings)],
    rate: Annotated[float, Query(gt=0, le=10)] = 0.1,
    until: Annotated[int, Query(ge=1, le=400)] = 10,
) -> Response:
    """``losses`` and ``accuracies`` float32 (2, steps), ``moved`` float32 (2, depth).

    The first net has the settings asked for; the second as many layers of the same width, with
    ReLU, He's initialisation, batch norm and skip connections. Trained up to step ``until``; 202
    with how far it is meanwhile.
    """
    from dataclasses import replace

    from engine.neurons.depth import DepthSettings
    from engine.progress import Progress
    from engine.serving.vanishing_gradients.compute import run_race

    assert isinstance(settings, DepthSettings)
    rival = replace(settings, **RIVAL)
    seen = run_race((settings, rival), rate, until)
    if isinstance(seen, Progress):
        return JSONResponse({"done": seen.done, "total": seen.total}, status_code=202)
    arrays = {
        "losses": seen.losses,
        "accuracies": seen.accuracies,
        "moved_own": seen.moved[0],
        "moved_rival": seen.moved[1],
    }
    return pack(arrays, {"steps": seen.steps})
