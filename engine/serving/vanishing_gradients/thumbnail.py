"""Vanishing gradients on Home: how much reaches each layer."""

import numpy as np

from engine.serving.thumbnail import Thumbnail
from engine.serving.vanishing_gradients.compute import settings_of, study
from engine.serving.vanishing_gradients.contract import Question


def thumbnail() -> Thumbnail:
    """The gradients' norms, layer by layer from the input, as the page opens; log scale."""
    norms = study(settings_of(Question())).norms.numpy()
    powers = np.log10(np.maximum(norms, np.finfo(norms.dtype).tiny))
    low, high = np.floor(powers.min()), np.ceil(powers.max())
    told = {"layers": len(norms), "powers": round(float(powers.max() - powers.min()), 1)}
    return Thumbnail(bars=(powers - low) / ((high - low) or 1), told=told)
