"""Grad-CAM: which places of the last map speak for the class?

Source: Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization", ICCV 2017; computed by Captum's ``LayerGradCam``.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from captum.attr import LayerGradCam
from torch import Tensor, nn

from engine.errors import InputError
from engine.explain.target_score import TargetScore


def grad_cam(score: TargetScore, layer: str, x: Tensor) -> Tensor:
    """Each channel's map, weighted by its mean gradient, summed over the channels.

    The layer is hooked while this runs, and released. Where the network calls it several times,
    its last call counts.

    Args:
        score: the logit to explain, of a private copy of the network.
        layer: name of the module whose output is the map, as in ``model.named_modules()``.
        x: float32 ``(1, 3, H, W)``.

    Returns:
        float32 ``(h, w)`` at the layer's own size, before the ReLU: above 0 speaks for the class,
        below 0 against it.

    Raises:
        InputError: the layer's output is no map ``(1, C, h, w)``, or there is no such layer.
    """
    modules = dict(score.model.named_modules())
    if layer not in modules:
        raise InputError("layer_keeps_no_map", layer=layer)
    blame = LayerGradCam(score, modules[layer]).attribute(x)  # (1, 1, h, w)
    if not isinstance(blame, Tensor) or blame.ndim != 4:
        raise InputError("layer_keeps_no_map", layer=layer)
    return blame[0, 0].detach()


def upsampled(blame: Tensor, size: tuple[int, int]) -> Tensor:
    """What speaks for the class (ReLU, as in the paper), brought to the picture's size.

    Args:
        blame: float32 ``(h, w)``, signed.
        size: ``(H, W)`` of the picture.

    Returns:
        float32 ``(H, W)``, 0 and above, bilinear; not rescaled.
    """
    return F.interpolate(blame.relu()[None, None], size, mode="bilinear", align_corners=False)[0, 0]


def grad_cam_layer(model: nn.Module, x: Tensor) -> str:
    """Name of the last module whose output still is a map: the coarsest, most meaningful one.

    It is found by running the network once, so it holds for any torchvision classifier. Swin
    keeps its maps channels-last, and ``permute`` at its end turns them round.

    Args:
        model: private copy in eval mode; each module is hooked for one forward pass.
        x: float32 ``(1, 3, H, W)``.

    Raises:
        InputError: the network turns its maps into tokens or numbers before its end, as ViT does.
    """
    return last_map_layer(model, model, x)


@torch.no_grad()
def last_map_layer(model: nn.Module, run: Callable[[Tensor], Tensor], x: Tensor) -> str:
    """As :func:`grad_cam_layer`, with ``run`` to call the network, so that the pass is counted."""
    outputs: list[tuple[str, torch.Size]] = []  # in the order in which modules finish

    def note_as(name: str) -> Callable[[nn.Module, object, object], None]:
        def note(_module: nn.Module, _args: object, output: object) -> None:
            if isinstance(output, Tensor):
                outputs.append((name, output.shape))

        return note

    hooks = [m.register_forward_hook(note_as(name)) for name, m in model.named_modules() if name]
    try:
        run(x)
    finally:
        for hook in hooks:
            hook.remove()
    for name, shape in reversed(outputs):
        if len(shape) == 4 and min(shape[2:]) > 1:
            return name
        if len(shape) == 3:  # tokens (N, L, C): whatever map came before is not what was read
            break
    raise InputError("network_keeps_no_map", network=type(model).__name__)
