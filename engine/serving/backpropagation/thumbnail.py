"""Backpropagation on Home: how the loss falls in the first hundred steps."""

from engine.serving.backpropagation.compute import descent
from engine.serving.backpropagation.contract import StepsQuestion
from engine.serving.thumbnail import Thumbnail, chart


def thumbnail() -> Thumbnail:
    """The loss of the page's first net, step by step."""
    arrays, about = descent(StepsQuestion())
    losses = arrays["losses"]
    told = {
        "steps": about["steps"],
        "before": float(f"{losses[0]:.3g}"),
        "after": float(f"{losses[-1]:.3g}"),
    }
    return Thumbnail(paths=chart(losses, low=0), told=told)
