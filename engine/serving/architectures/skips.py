"""The same deep net with and without skip connections, by the engine of Vanishing gradients."""

from typing import Any

import numpy as np

from engine.serving.architectures.contract import SkipsQuestion
from engine.serving.vanishing_gradients.compute import STUDIED, settings_of, study
from engine.serving.vanishing_gradients.contract import Question

ALIVE = 1e-3  # of the last layer's gradient: less is said to have vanished
MOST = 1e3  # of it: more is said to explode


def look(asked: SkipsQuestion) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The gradient of each layer in both nets, and what becomes of it."""
    arrays, ratios = {}, {}
    for name, skip in (("plain", False), ("skipping", True)):
        settings = Question(
            depth=asked.layers,
            activation=asked.activation,
            init=asked.init,
            norm=asked.norm,
            skip=skip,
        )
        norms = study(settings_of(settings)).norms.numpy()
        arrays[name] = norms
        ratios[name] = float(norms[0] / norms[-1]) if norms[-1] > 0 else None
    verdicts = {name: verdict(ratio) for name, ratio in ratios.items()}
    return arrays, {"ratios": ratios, "verdicts": verdicts, "batch": STUDIED}


def verdict(ratio: float | None) -> str:
    """What becomes of a gradient on its way from the last layer to the first."""
    if ratio is None or ratio < ALIVE:
        return "vanishes"
    return "explodes" if ratio > MOST else "holds"
