"""PyTorch's own graph of a program: what the Computation graph page asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.progress import Progress
from engine.serving.binary import pack, pending
from engine.serving.computation_graph.contract import (
    ExpressionQuestion,
    Question,
    TensorsQuestion,
)
from engine.serving.visitors import Asker

router = APIRouter(prefix="/computation-graph", tags=["pages"])


@router.get("", response_class=Response)
def see_graph(asked: Annotated[Question, Query()], who: Asker) -> Response:
    """The graph that autograd keeps of a program, and one of its nodes.

    ``about.nodes`` are autograd's, the result's first, each with ``inputs`` (numbers of nodes, null
    where no gradient is needed), ``shape``, ``saved``; ``about.x``, ``about.layer`` and
    ``about.ways`` are their places. ``value`` and ``gradient`` float32 (n, h, w) are the strongest
    maps of the node that is open (``about.open``); n is 0 for a single number.

    Bound: 3 s of a core, 300 MiB.
    """
    from engine.serving.computation_graph.compute import look

    return pack(*look(asked, who))


@router.get("/exported", response_class=Response)
def see_exported(asked: Annotated[ExpressionQuestion, Query()]) -> Response:
    """What ``torch.export`` makes of an expression: ``about.plain``, and where it has an ``if``
    ``about.cond``, the same with ``torch.cond``. 202 while it is at it.

    Bound: a job of 15 s of a core, 400 MiB.
    """
    from engine.serving.computation_graph.static import fix

    found = fix(asked)
    return pending(found) if isinstance(found, Progress) else pack({}, found)


@router.get("/tensors", response_class=Response)
def see_tensor(asked: Annotated[TensorsQuestion, Query()]) -> Response:
    """A tensor of ``dims`` dimensions on the picture's way through MobileNetV2.

    ``maps`` float32 (n, h, w), the strongest of its last two dimensions, none for a single number;
    ``about`` has its shape, numbers, bytes and strides.

    Bound: 1 s of a core, 150 MiB.
    """
    from engine.serving.computation_graph.compute import tensors

    return pack(*tensors(asked))
