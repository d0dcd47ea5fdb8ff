"""A small net's numbers, forward and back: what the Backpropagation page asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.serving.backpropagation.contract import Question, StepsQuestion
from engine.serving.binary import pack

router = APIRouter(prefix="/backpropagation", tags=["pages"])


@router.get("", response_class=Response)
def look_through(asked: Annotated[Question, Query()]) -> Response:
    """Every number of a small net, its gradients three ways, and one number's influence.

    Arrays, all float64 but ``kinked`` uint8: of the P parameters in the order of ``about.names``
    ``parameters``, ``updated`` (after one step), ``gradient`` (of the batch's mean loss),
    ``autograd``, ``differences``, ``kinked``; ``moved_at``, ``moved_target`` (V,), the watched
    number while the other moves; ``rates``, ``rate_losses`` (R,), the mean loss after one step;
    ``curve_at``, ``curve_values``, ``curve_slopes`` (121,) of the activation. ``about.values`` has
    the numbers of the example by name, ``about.steps`` its way forward and back,
    ``about.influence`` the paths, ``about.check`` how near the three gradients are.

    Bound: 0.5 s of a core, 50 MiB.
    """
    from engine.serving.backpropagation.compute import look
    from engine.serving.one_core import on_one_core

    return pack(*on_one_core(look, asked))


@router.get("/steps", response_class=Response)
def go_down(asked: Annotated[StepsQuestion, Query()]) -> Response:
    """Steps of gradient descent on the batch.

    ``losses`` float64 (S + 1,), before the first step and after each; ``parameters`` float64
    (S + 1, P). ``about.overflowed`` says that the next step would have left what 64 bits hold.

    Bound: 1 s of a core, 50 MiB.
    """
    from engine.serving.backpropagation.compute import descent
    from engine.serving.one_core import on_one_core

    return pack(*on_one_core(descent, asked))
