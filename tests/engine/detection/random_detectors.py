"""torchvision's detectors with weights drawn at random: for tests that need no trained ones."""

import re
from typing import Any

import torch
from torchvision.models.detection.ssd import SSD

from engine.detection.torchvision_detectors import build_unfilled, fill


def tensors_at_random(name: str) -> dict[str, torch.Tensor]:
    """Tensors of a network's shapes, as lively as its own initialisation and faster to draw."""
    dice = torch.Generator().manual_seed(7)
    drawn = build_unfilled(name).state_dict()
    # weights of the norms for which signals neither vanish nor grow beyond all bounds
    by_ending = {"bias": 0.0, "mean": 0.0, "weight": 0.9 if "mobilenet" in name else 0.5}
    for key, tensor in drawn.items():
        if tensor.ndim > 1:
            reach = (6 / tensor[0].numel()) ** 0.5
            if "bbox" in key or "regression" in key:
                reach /= 20  # boxes near their anchors, not all over the border
            elif name == "ssd300_vgg16" and "classification" in key:
                reach /= 200  # it is shown pixels of up to 255 and does not normalise
            empty = torch.empty_like(tensor, device="cpu")
            drawn[key] = empty.uniform_(-reach, reach, generator=dice)
        elif tensor.is_floating_point():
            value = by_ending.get(re.split(r"[._]", key)[-1], 1.0)
            drawn[key] = torch.full(tensor.shape, value)
    if name == "fcos_resnet50_fpn":
        drawn["head.regression_head.bbox_reg.bias"] += 1  # boxes of some size
    return drawn


def drawn(name: str) -> Any:
    """A network drawn at random, which looks at pictures small enough for a test."""
    model = build_unfilled(name)
    fill(name, model, tensors_at_random(name))
    return small(model)


def small(model: Any) -> Any:
    if not isinstance(model, SSD):  # whose size is fixed
        model.transform.min_size, model.transform.max_size = (96,), 128
    return model
