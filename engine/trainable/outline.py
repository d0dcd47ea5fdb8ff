"""A network without its numbers: what it would weigh is known before anything is reserved.

Parameters and buffers lie on torch's meta device, which keeps shapes only; a forward pass over them
takes milliseconds whatever the network's width and depth.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import InputError
from engine.nets.catalog import EmptyOnMeta
from engine.trainable.choice import build_net
from engine.trainable.net_settings import NetSettings


@dataclass(frozen=True)
class OutlineSize:
    """What a network holds.

    Attributes:
        params: learnt numbers, frozen ones among them.
        learning: those of them that are not frozen.
        activations: numbers that leave its innermost layers for one picture, in training.
    """

    params: int
    learning: int
    activations: int


def build_outline(
    settings: NetSettings, input_shape: tuple[int, int, int], classes: int
) -> nn.Module:
    """The network of those settings on the meta device, in training mode.

    Args:
        settings: which network.
        input_shape: (C, H, W) of a picture.
        classes: number of classes, >= 1.

    Raises:
        InputError: pictures too small for the network, or there is no such backbone.
    """
    with EmptyOnMeta():
        net = build_net(settings, input_shape, classes, pretrained=False)
    return net.to("meta")


def measure_outline(
    settings: NetSettings,
    input_shape: tuple[int, int, int],
    classes: int,
    batch_size: int = 2,
) -> OutlineSize:
    """Counts a network's numbers by a forward pass of its outline, as in training.

    Args:
        settings, input_shape, classes: as for :func:`build_outline`.
        batch_size: of the smallest batch that it will learn from.

    Raises:
        InputError: it cannot learn from pictures or batches as small as these.
    """
    outline = build_outline(settings, input_shape, classes)
    count = 0

    def add(module: nn.Module, inputs: Any, output: Any) -> None:
        nonlocal count
        count += output.numel() if isinstance(output, Tensor) else 0

    for module in outline.modules():
        if not list(module.children()) and not isinstance(module, nn.Identity):
            module.register_forward_hook(add)
    run_outline(outline, settings, input_shape, batch_size)
    params = [(each.numel(), each.requires_grad) for each in outline.parameters()]
    return OutlineSize(
        params=sum(size for size, _ in params),
        learning=sum(size for size, learns in params if learns),
        activations=-(-count // batch_size),
    )


def run_outline(
    outline: nn.Module,
    settings: NetSettings,
    input_shape: tuple[int, int, int],
    batch_size: int,
) -> None:
    """A forward pass that computes shapes only.

    Raises:
        InputError: the network cannot work on such pictures, or not learn from such a batch.
    """
    try:
        with torch.no_grad():
            outline(torch.empty(batch_size, *input_shape, device="meta"))
    except ValueError as error:
        if "more than 1 value per channel" not in str(error):
            raise
        raise InputError("batch_norm_needs_two") from None
    except RuntimeError as error:
        if isinstance(error, NotImplementedError):
            raise
        given = (settings.input_px,) * 2 if settings.name == "transfer" else input_shape[1:]
        raise InputError("net_size_impossible", height=given[0], width=given[1]) from error
