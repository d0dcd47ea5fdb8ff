"""What shape leaves each layer of a network, from a real forward pass that computes no numbers."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from engine.trainable.net_settings import NetSettings
from engine.trainable.outline import build_outline, run_outline


@dataclass(frozen=True)
class LayerShape:
    """One layer that did something.

    Attributes:
        name: its name in the network, "features.0".
        kind: its class, "Conv2d".
        input_shape, output_shape: with a leading batch dimension of 1.
        params: learnt numbers of this layer.
        macs: multiply-adds for one picture, of linear and convolution layers; 0 for others.
    """

    name: str
    kind: str
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    params: int
    macs: int


def shape_table(
    settings: NetSettings, input_shape: tuple[int, int, int], classes: int
) -> list[LayerShape]:
    """The innermost modules of a network in the order in which they run.

    Nothing is reserved for its numbers: the largest network costs no more than the smallest.

    Args:
        settings: which network.
        input_shape: (C, H, W) of a picture.
        classes: number of classes, >= 1.

    Raises:
        InputError: pictures too small for the network, or there is no such backbone.
    """
    outline = build_outline(settings, input_shape, classes).eval()
    rows: list[LayerShape] = []
    for name, module in outline.named_modules():
        if not list(module.children()) and not isinstance(module, nn.Identity):
            module.register_forward_hook(_recorder(name, rows))
    run_outline(outline, settings, input_shape, batch_size=1)
    return rows


def _recorder(name: str, rows: list[LayerShape]) -> Any:
    def record(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        params = sum(p.numel() for p in module.parameters())
        row = LayerShape(
            name=name,
            kind=type(module).__name__,
            input_shape=tuple(inputs[0].shape),
            output_shape=tuple(output.shape),
            params=params,
            macs=_count_macs(module, output),
        )
        rows.append(row)

    return record


def _count_macs(module: nn.Module, output: Tensor) -> int:
    """Each output of a linear or convolution layer takes one multiply-add for each weight."""
    if isinstance(module, nn.Linear | nn.Conv2d):
        return output.numel() * module.weight[0].numel()
    return 0
