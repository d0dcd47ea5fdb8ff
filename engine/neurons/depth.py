"""Why deep nets stopped learning: gradients through many layers, measured on one real batch.

The textbook multiplies one factor a layer (Hochreiter 1991; Nielsen, "Neural Networks and Deep
Learning", chapter 5: |σ′| ≤ 1/4 and |w| < 1 make the product vanish). What a batch really does to a
net is measured here, layer by layer, so that one sees where the product is right and where norm,
skip connections and initialisation make it wrong.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.errors import InputError
from engine.train.gradients import layer_outputs, layer_weights, weight_gradients
from engine.train.seeding import seeded
from engine.trainable.layers import ACTIVATIONS, INITS, NORMS, initialise
from engine.trainable.mlp import MLP

DEPTHS = range(2, 51)
WIDTHS = range(4, 257)
BINS = 32
# The greatest slope of each activation: the factor by which it can pass a gradient on at best.
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0, "leaky_relu": 1.0, "gelu": 1.1289}


@dataclass(frozen=True)
class DepthSettings:
    """A net of equal hidden layers.

    Attributes:
        depth: number of linear layers, 2 to 50.
        width: outputs of each hidden layer, 4 to 256.
        activation, init, norm: names in :mod:`engine.trainable.layers`.
        skip: whether each hidden layer adds its input to its output (He et al. 2016).
        seed: draws the weights.

    Raises:
        InputError: a number out of range or an unknown name.
    """

    depth: int = 10
    width: int = 32
    activation: str = "sigmoid"
    init: str = "pytorch"
    norm: str = "none"
    skip: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        for name, bounds in (("depth", DEPTHS), ("width", WIDTHS)):
            value = getattr(self, name)
            if value not in bounds:
                low, high = bounds[0], bounds[-1]
                raise InputError("value_out_of_range", name=name, low=low, high=high, value=value)
        for name, known in (("activation", ACTIVATIONS), ("init", INITS), ("norm", NORMS)):
            value = getattr(self, name)
            if value not in known:
                choices = ", ".join(known)
                raise InputError("value_not_a_choice", name=name, choices=choices, value=value)


@dataclass(frozen=True)
class DepthStudy:
    """What one batch does to a net, layer by layer from the picture to the answer.

    Attributes:
        norms: float32 ``(depth,)``, ‖∂L/∂W‖ of each linear layer.
        textbook: float32 ``(depth,)``, the last layer's norm times ``factor`` once a layer.
        factor: steepest slope of the activation × root mean square weight × √width, the gain of a
            random layer (Glorot and Bengio 2010), with the weights that were really drawn.
        histograms: int64 ``(depth - 1, 32)``, how often each hidden layer's outputs fall into
            equal bins over ``ranges``.
        ranges: float32 ``(depth - 1, 2)``, least and greatest output of each hidden layer.
        spreads: float32 ``(depth - 1,)``, standard deviation of each hidden layer's outputs.
        loss: cross-entropy of the batch.
    """

    norms: Tensor
    textbook: Tensor
    factor: float
    histograms: Tensor
    ranges: Tensor
    spreads: Tensor
    loss: float


def build_deep_net(settings: DepthSettings, pixels: tuple[int, int, int], classes: int) -> MLP:
    """The net with its first weights; the same settings and seed give the same weights."""
    with seeded(torch.device("cpu"), settings.seed, "depth"):
        net = MLP(
            pixels,
            classes,
            settings.depth,
            settings.width,
            settings.activation,
            settings.norm,
            settings.skip,
        )
        initialise(net, settings.init)
    return net.train()


def study_depth(settings: DepthSettings, images: Tensor, targets: Tensor) -> DepthStudy:
    """One pass forward and back through a fresh net.

    Args:
        settings: which net.
        images: float ``(N, C, H, W)``, normalised; N >= 2, since batch norm needs two.
        targets: int64 ``(N,)``.
    """
    classes = int(targets.max()) + 1
    net = build_deep_net(settings, tuple(images.shape[1:]), classes)  # type: ignore[arg-type]
    loss, gradients = weight_gradients(net, images, targets)
    norms = torch.stack([gradient.norm() for gradient in gradients.values()])
    factor = textbook_factor(net, settings)
    layers_above = torch.arange(settings.depth - 1, -1, -1)
    outputs = list(layer_outputs(net, images).values())
    return DepthStudy(
        norms=norms,
        textbook=norms[-1] * factor**layers_above,
        factor=factor,
        histograms=torch.stack([_histogram(values) for values in outputs]),
        ranges=torch.stack([torch.stack(values.aminmax()) for values in outputs]),
        spreads=torch.stack([values.std() for values in outputs]),
        loss=loss,
    )


def textbook_factor(net: nn.Module, settings: DepthSettings) -> float:
    """What one hidden layer multiplies a gradient by, if nothing but slope and weights counted."""
    hidden = list(layer_weights(net).values())[1:-1]
    weights = torch.cat([weight.flatten() for weight in hidden or layer_weights(net).values()])
    gain = weights.square().mean().sqrt().item() * math.sqrt(settings.width)
    return STEEPEST[settings.activation] * gain


def _histogram(values: Tensor) -> Tensor:
    low, high = values.aminmax()
    if low == high:
        counts = torch.zeros(BINS, dtype=torch.int64)
        counts[0] = values.numel()
        return counts
    return torch.histc(values, BINS, low.item(), high.item()).to(torch.int64)
