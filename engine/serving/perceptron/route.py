"""One neuron, a hidden layer, ten neurons that look at digits: what the Perceptron page asks."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.perceptron.contract import DigitQuestion, HiddenQuestion, Question

router = APIRouter(prefix="/perceptron", tags=["pages"])


@router.get("", response_class=Response)
def perceptron(asked: Annotated[Question, Query()]) -> Response:
    """Every step of Rosenblatt's rule, see ``engine.neurons.perceptron.PerceptronTrace``.

    Arrays: ``points`` float64 (n, 2), ``targets`` int8 (n,); ``visited`` int32 and ``wrong`` uint8
    (steps,); ``weights`` float64 (steps + 1, 3) of w₁, w₂ and b; ``sums`` and ``outputs`` float64
    (steps + 1, n); ``mistakes`` int32 (epochs,); ``hull_minus`` and ``hull_plus`` float64 (k, 2);
    ``curve_at``, ``curve_values`` and ``curve_slopes`` float64 (121,) of the unit.

    Bound: 1 s of a core, 50 MiB.
    """
    import torch

    from engine.neurons.units import unit_curve
    from engine.serving.perceptron.compute import read_points, rule

    placed, found = read_points(asked.points), rule(asked)
    trace, curve = found.trace, unit_curve(asked.unit)
    steps = len(trace.visited)
    arrays = {
        "points": placed.places.numpy(),
        "targets": placed.targets.to(torch.int8).numpy(),
        "visited": trace.visited.int().numpy(),
        "wrong": trace.wrong.byte().numpy(),
        "weights": torch.cat([trace.weights, trace.biases[:, None]], dim=1).numpy(),
        "sums": found.sums.numpy(),
        "outputs": found.outputs.numpy(),
        "mistakes": found.mistakes.int().numpy(),
        "hull_minus": found.hulls[0].numpy(),
        "hull_plus": found.hulls[1].numpy(),
    }
    arrays |= {f"curve_{name}": values.numpy() for name, values in vars(curve).items()}
    about = {
        "steps": steps,
        "moves": int(trace.wrong.sum()),
        "settled": trace.settled,
        "circle": trace.circle,
        "separable": found.separable,
        "limits": {"step": {"high": steps}},
    }
    return pack(arrays, about)


@router.get("/hidden", response_class=Response)
def hidden(asked: Annotated[HiddenQuestion, Query()]) -> Response:
    """A hidden layer at one moment of its training.

    Arrays: ``points`` float64 (n, 2), ``targets`` int8 (n,); ``seen`` float64 (n, h) and ``logits``
    (n,); ``grid_seen`` float32 (41, 41, h) and ``grid_logits`` (41, 41) over the plane, its upper
    row first; ``numbers`` float64 (4h + 1,); ``losses`` float64 (updates + 1,).

    Bound: 4 s of a core, 50 MiB.
    """
    import torch

    from engine.serving.perceptron.compute import UPDATES, moments
    from engine.serving.perceptron.compute import hidden as look

    found = look(asked)
    right = (found.logits * found.placed.targets > 0).sum()
    arrays = {
        "points": found.placed.places.numpy(),
        "targets": found.placed.targets.to(torch.int8).numpy(),
        "seen": found.seen.numpy(),
        "logits": found.logits.numpy(),
        "grid_seen": found.grid_seen.float().numpy(),
        "grid_logits": found.grid_logits.float().numpy(),
        "numbers": found.net.flat().numpy(),
        "losses": found.descent.losses.numpy(),
    }
    about = {
        "done": found.done,
        "moments": moments(),
        "right": int(right),
        "stopped": len(found.descent.losses) <= UPDATES,
    }
    return pack(arrays, about)


@router.get("/digit", response_class=Response)
def digit(asked: Annotated[DigitQuestion, Query()]) -> Response:
    """A drawing through ten neurons.

    Arrays: ``drawing``, ``products`` float32 (8, 8); ``weights`` float32 (8, 8) of the chosen
    neuron; ``sums`` and ``biases`` float32 (10,).

    Bound: 4 s of a core, 100 MiB.
    """
    from engine.serving.perceptron.compute import INK, TRAINED, digits, taught
    from engine.serving.perceptron.compute import digit as look

    found, chosen = look(asked), int(asked.digit)
    arrays = {
        "drawing": found.drawing.view(8, 8).numpy(),
        "weights": found.weights[chosen].view(8, 8).numpy(),
        "products": found.products.view(8, 8).numpy(),
        "sums": found.sums.numpy(),
        "biases": found.biases.numpy(),
    }
    mistakes = taught().mistakes[:, chosen].tolist()
    about = {
        "answer": int(found.sums.argmax()),
        "held_right": found.held_right,
        "trained_right": found.trained_right,
        "trained": TRAINED,
        "held": len(digits()[1]) - TRAINED,
        "mistakes": mistakes[asked.passes - 1] if asked.passes else None,
        "ink": INK,
    }
    return pack(arrays, about)
