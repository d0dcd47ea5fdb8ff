"""What the small networks are put together from: activations, norms, initialisations.

Sources: Glorot & Bengio 2010 (xavier), He et al. 2015 (he); torch.nn's own modules compute all.
"""

from collections.abc import Callable

import torch
from torch import nn

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.01),
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}
NORMS = ("none", "batch", "layer")
INITS = ("pytorch", "xavier", "he", "small")
SMALL_STD = 0.01


def norm_1d(kind: str, features: int) -> nn.Module:
    """The norm of that kind for (N, features); ``nn.Identity`` for "none"."""
    kinds = {"none": nn.Identity, "batch": nn.BatchNorm1d, "layer": nn.LayerNorm}
    return kinds[kind](features)


def norm_2d(kind: str, channels: int) -> nn.Module:
    """The norm of that kind for (N, channels, H, W).

    "layer" normalises over channels, rows and columns together (a group norm of one group).
    """
    if kind == "layer":
        return nn.GroupNorm(1, channels)
    return {"none": nn.Identity, "batch": nn.BatchNorm2d}[kind](channels)


def weight_layers(net: nn.Module) -> dict[str, nn.Module]:
    """The layers that multiply by learnt weights (linear and convolution), by name, in order."""
    kinds = (nn.Linear, nn.Conv2d)
    return {name: module for name, module in net.named_modules() if isinstance(module, kinds)}


@torch.no_grad()
def initialise(net: nn.Module, init: str) -> None:
    """Draws all linear and convolution weights anew, from torch's global random generator.

    Args:
        net: changed in place.
        init: "pytorch" leaves the weights as torch drew them (uniform, He with a = √5);
            "xavier" and "he" are the normal versions (gain 1; √2, fan-in); "small" is normal with
            a standard deviation of 0.01. All three set biases to zero.
    """
    if init == "pytorch":
        return
    for layer in weight_layers(net).values():
        assert isinstance(layer, nn.Linear | nn.Conv2d)
        if init == "xavier":
            nn.init.xavier_normal_(layer.weight)
        elif init == "he":
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        else:
            nn.init.normal_(layer.weight, std=SMALL_STD)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
