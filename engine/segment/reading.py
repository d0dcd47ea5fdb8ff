"""One picture read three ways by one net: what each pixel is, which thing, or both.

The net is asked once (:func:`ask`); the readings follow from its maps and from the fusion, which
can be had again with other thresholds at little cost.
Source: Kirillov et al., "Panoptic segmentation", CVPR 2019, figure 1.
"""

import numpy as np
import torch
from torch import Tensor

from engine.segment.fusion import Fusion
from engine.segment.panoptic_net import PanopticMaps, answer, split_maps
from engine.segment.segments import Segment, Segmentation
from engine.segment.weights import TrainedPanopticNet


def ask(made: TrainedPanopticNet, pixels: np.ndarray) -> PanopticMaps:
    """The net's three maps of a picture, on the CPU.

    Args:
        made: of :func:`engine.segment.weights.load_panoptic_net`.
        pixels: uint8 (H, W, 3), RGB, H and W >= 1.

    Returns:
        logits (classes, H, W), centres (H, W), offsets (2, H, W).

    Raises:
        ValueError: not a picture.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise ValueError(f"uint8 (H, W, 3) is needed, not {pixels.dtype} {pixels.shape}")
    device = next(made.net.parameters()).device
    batch = torch.from_numpy(np.ascontiguousarray(pixels)).to(device).permute(2, 0, 1)[None]
    return split_maps(answer(made.net, batch)[0].cpu())


def semantic_reading(maps: PanopticMaps, is_thing: Tensor) -> Segmentation:
    """One segment a class, however many things it holds; none is void. Scores: mean probability.

    Args:
        maps: of one picture.
        is_thing: bool (classes,).
    """
    classes, probs = maps.logits.argmax(dim=0).numpy(), maps.logits.softmax(dim=0).numpy()
    found, ids = [], np.zeros(classes.shape, np.int32)
    for category in np.unique(classes).tolist():
        mask = classes == category
        score = min(float(probs[category][mask].mean()), 1.0)
        thing = bool(is_thing[category])
        found.append(Segment(len(found) + 1, category, thing, int(mask.sum()), score))
        ids[mask] = len(found)
    return Segmentation(ids, tuple(found))


def instance_reading(fusion: Fusion) -> Segmentation:
    """The things alone, numbered as in the fusion's result; everything else is void."""
    things = tuple(each for each in fusion.result.segments if each.thing)
    is_kept = np.isin(fusion.result.ids, [each.id for each in things])
    return Segmentation(np.where(is_kept, fusion.result.ids, 0).astype(np.int32), things)
