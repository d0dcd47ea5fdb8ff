"""Why deep nets stopped learning: gradients through many layers, measured on one real batch.

The textbook multiplies one factor a layer (Hochreiter 1991; Nielsen, "Neural Networks and Deep
Learning", chapter 5: |σ′| ≤ 1/4 and |w| < 1 make the product vanish). What a batch really does to a
net is measured here, layer by layer, so that one sees where the product is right and where norm,
skip connections and initialisation make it wrong.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.train.gradients import (
    layer_slopes,
    layer_weights,
    norm,
    slope,
    weight_gradients,
)
from engine.train.seeding import seeded
from engine.trainable.layers import ACTIVATIONS, initialise
from engine.trainable.mlp import MLP

# The greatest slope of each activation: the factor by which it can pass a gradient on at best.
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0, "leaky_relu": 1.0, "gelu": 1.1289}
CURVE_REACH = 6.0


@dataclass(frozen=True)
class DepthSettings:
    """A net of equal hidden layers.

    Attributes:
        depth: number of linear layers, at least 2.
        width: outputs of each hidden layer.
        activation, init, norm: names in :mod:`engine.trainable.layers`.
        skip: whether each hidden layer adds its input to its output (He et al. 2016).
        seed: draws the weights.
    """

    depth: int
    width: int
    activation: str
    init: str
    norm: str
    skip: bool
    seed: int = 0


@dataclass(frozen=True)
class DepthStudy:
    """What one batch does to a net, layer by layer from the picture to the answer.

    Gradients and outputs are those of 32-bit numbers, as in a training; what is said of them is
    summed up in 64 bits.

    Attributes:
        norms: float64 ``(depth,)``, ‖∂L/∂W‖ of each linear layer; 0 where every number of the
            gradient is less than 32 bits can hold (1.4e-45).
        textbook: float64 ``(depth,)``, the last layer's norm times ``factor`` once a layer.
        expected: float64 ``(depth,)``, the same with the slopes that the batch met, and each
            layer's own weights.
        factor: steepest slope of the activation × root mean square weight × √width, the gain of a
            random layer (Glorot and Bengio 2010), with the weights that were really drawn.
        slopes: float64 ``(depth - 1,)``, root mean square slope of each hidden layer's activation
            at what the batch gave it.
        spreads: float64 ``(depth - 1,)``, standard deviation of each hidden layer's outputs, over
            its units and all pictures.
        across: float64 ``(depth - 1,)``, standard deviation of a unit's output from picture to
            picture, root mean square over the units; 0 where all pictures give the same numbers.
        loss: cross-entropy of the batch.
    """

    norms: Tensor
    textbook: Tensor
    expected: Tensor
    factor: float
    slopes: Tensor
    spreads: Tensor
    across: Tensor
    loss: float


@dataclass(frozen=True)
class Curve:
    """An activation and its derivative.

    Attributes:
        at: float64 ``(n,)``, from -6 to 6.
        values: float64 ``(n,)``.
        slopes: float64 ``(n,)``, the derivative; at a kink PyTorch's choice.
    """

    at: Tensor
    values: Tensor
    slopes: Tensor


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
    norms = torch.stack([norm(gradient) for gradient in gradients.values()])
    factor = textbook_factor(net, settings)
    layers_above = torch.arange(settings.depth - 1, -1, -1)
    slopes = torch.stack([_rms(each) for each in layer_slopes(net, images).values()])
    outputs = [values.double() for values in _hidden_outputs(net, images)]
    return DepthStudy(
        norms=norms,
        textbook=norms[-1] * factor ** layers_above.double(),
        expected=norms[-1] * _products(slopes, list(layer_weights(net).values())),
        factor=factor,
        slopes=slopes,
        spreads=torch.stack([values.std() for values in outputs]),
        across=torch.stack([_rms(values.std(dim=0)) for values in outputs]),
        loss=loss,
    )


@torch.no_grad()
def _hidden_outputs(net: MLP, images: Tensor) -> Iterator[Tensor]:
    """What each hidden layer passes on, ``(N, width)``, with its skip connection."""
    values = images.flatten(1)
    for layer in net.hidden:
        values = layer(values)
        yield values


def _products(slopes: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """What a gradient is multiplied by on its way from the last layer to each, float64.

    Through layer k it meets the slopes of layer k - 1 and, on the way there, W of layer k: its
    gain is the root mean square weight × the root of the number of its inputs.
    """
    gains = torch.stack([_rms(weight) * math.sqrt(weight.shape[1]) for weight in weights[1:]])
    factors = torch.cat([slopes * gains, torch.ones(1, dtype=torch.float64)])
    return factors.flip(0).cumprod(0).flip(0)


def _rms(values: Tensor) -> Tensor:
    return values.double().square().mean().sqrt()


def activation_curve(name: str, points: int = 121) -> Curve:
    """An activation of :mod:`engine.trainable.layers` and its derivative, by autograd."""
    activation = ACTIVATIONS[name]()
    at = torch.linspace(-CURVE_REACH, CURVE_REACH, points, dtype=torch.float64)
    return Curve(at, activation(at), slope(activation, at))


def textbook_factor(net: nn.Module, settings: DepthSettings) -> float:
    """What one hidden layer multiplies a gradient by, if nothing but slope and weights counted."""
    hidden = list(layer_weights(net).values())[1:-1]
    weights = torch.cat([weight.flatten() for weight in hidden or layer_weights(net).values()])
    gain = _rms(weights).item() * math.sqrt(settings.width)
    return STEEPEST[settings.activation] * gain
