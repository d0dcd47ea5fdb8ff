"""Gradients through a deep net, and a race of two: what the Vanishing gradients page asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack, pending
from engine.serving.vanishing_gradients.contract import Question, RaceQuestion

router = APIRouter(prefix="/vanishing-gradients", tags=["pages"])


@router.get("", response_class=Response)
def gradients(asked: Annotated[Question, Query()]) -> Response:
    """What one batch does to a net, layer by layer: see ``engine.neurons.depth.DepthStudy``.

    Arrays: ``norms``, ``textbook`` and ``expected`` float64 (depth,); ``slopes``, ``spreads`` and
    ``across`` float64 (depth − 1,); of the activation ``curve_at``, ``curve_values`` and
    ``curve_slopes`` float64 (121,).

    Bound: 1 s of a core, 200 MiB.
    """
    from engine.neurons.depth import STEEPEST, activation_curve
    from engine.serving.vanishing_gradients.compute import STUDIED, settings_of, study

    found, curve = study(settings_of(asked)), activation_curve(asked.activation)
    names = ("norms", "textbook", "expected", "slopes", "spreads", "across")
    arrays = {name: getattr(found, name).numpy() for name in names}
    arrays |= {f"curve_{name}": values.numpy() for name, values in vars(curve).items()}
    about = {"factor": found.factor, "loss": found.loss, "batch": STUDIED}
    return pack(arrays, about | {"steepest": STEEPEST[asked.activation]})


@router.get("/race", response_class=Response)
def race(asked: Annotated[RaceQuestion, Query()]) -> Response:
    """``losses`` and ``accuracies`` float32 (2, steps); ``moved_own`` and ``moved_rival`` float64
    (depth,).

    The first net has the settings asked for; the second as many layers of the same width, with
    ReLU, He's initialisation, batch norm and skip connections. Trained up to step ``until``; 202
    with how far it is meanwhile.

    Bound: a job of 600 s of a core, 500 MiB.
    """
    from dataclasses import replace

    from engine.progress import Progress
    from engine.serving.vanishing_gradients.compute import RIVAL, run_race, settings_of

    settings = settings_of(asked)
    seen = run_race((settings, replace(settings, **RIVAL)), asked.rate, asked.until)
    if isinstance(seen, Progress):
        return pending(seen)
    arrays = {
        "losses": seen.losses,
        "accuracies": seen.accuracies,
        "moved_own": seen.moved[0],
        "moved_rival": seen.moved[1],
    }
    return pack(arrays, {"steps": seen.steps})
