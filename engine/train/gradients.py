"""Gradients of one batch, layer by layer, without touching the network.

The network's parameters, buffers and ``.grad`` stay as they are: the pass runs on stand-ins through
``torch.func.functional_call``, in the mode (training or eval) that the network is in.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call

from engine.train.losses import Loss, find_loss
from engine.trainable.layers import weight_layers

BINS = 32


@dataclass(frozen=True)
class Histogram:
    """Counts of values in equal bins from ``low`` to ``high`` (both included)."""

    low: float
    high: float
    counts: tuple[int, ...]


def weight_gradients(
    net: nn.Module,
    images: Tensor,
    targets: Tensor,
    loss: Loss = "cross_entropy",
    feeds_targets: bool = False,
) -> tuple[float, dict[str, Tensor]]:
    """The loss of a batch, and ∂L/∂W of each linear and convolution layer.

    Args:
        net: (N, C, H, W) → logits (N, classes). Dropout, if it is in training mode, draws from
            torch's global generator.
        images: float (N, C, H, W), normalised.
        targets: int64 (N,).
        loss: a name in ``engine.train.losses.LOSSES``, or a function of logits and targets.
        feeds_targets: whether the network is called with the targets too.

    Returns:
        The loss and layer name → gradient, shaped as the weight, in the network's order; frozen
        layers have none.
    """
    parameters = {
        name: p.detach().requires_grad_(p.requires_grad) for name, p in net.named_parameters()
    }
    buffers = {name: b.detach().clone() for name, b in net.named_buffers()}
    with torch.enable_grad():
        given = (images, targets) if feeds_targets else (images,)
        logits = functional_call(net, {**parameters, **buffers}, given)
        value = find_loss(loss)(logits.float(), targets)
        weights = {
            name: parameters[f"{name}.weight"]
            for name in weight_layers(net)
            if parameters[f"{name}.weight"].requires_grad
        }
        found = torch.autograd.grad(value, list(weights.values()), allow_unused=True)
    gradients = [
        torch.zeros_like(w) if g is None else g
        for w, g in zip(weights.values(), found, strict=True)
    ]
    return value.item(), dict(zip(weights, gradients, strict=True))


def gradient_norms(
    net: nn.Module, batch: tuple[Tensor, Tensor], loss: Loss = "cross_entropy"
) -> dict[str, float]:
    """‖∂L/∂W‖ (Euclidean) of each linear and convolution layer for one batch.

    Args:
        net: as for :func:`weight_gradients`.
        batch: images float (N, C, H, W) and targets int64 (N,).
        loss: a name in ``engine.train.losses.LOSSES``, or a function of logits and targets.
    """
    return norms(weight_gradients(net, *batch, loss)[1])


def weight_norms(net: nn.Module) -> dict[str, float]:
    """‖W‖ (Euclidean) of each linear and convolution layer."""
    return norms(layer_weights(net))


def layer_weights(net: nn.Module) -> dict[str, Tensor]:
    """The weight of each linear and convolution layer, detached, not copied."""
    return {name: net.get_parameter(f"{name}.weight").detach() for name in weight_layers(net)}


def norms(tensors: dict[str, Tensor]) -> dict[str, float]:
    """The Euclidean norm of each tensor; read from the device in one go.

    In 64 bits: the square of what a 32-bit number still holds may be one that it does not.
    """
    if not tensors:
        return {}
    values = torch.stack([norm(tensor).cpu() for tensor in tensors.values()]).tolist()
    return dict(zip(tensors, values, strict=True))


def norm(tensor: Tensor) -> Tensor:
    """‖tensor‖ (Euclidean), float64 where the device has that, and then without underflow."""
    if tensor.device.type == "mps":  # has no 64-bit numbers
        tensor = tensor.cpu()
    return tensor.double().norm()


def histogram(values: Tensor, bins: int = BINS) -> Histogram:
    """How often values of each size occur; values that are not finite are left out.

    Args:
        values: any shape, float.
        bins: number of equal bins from the least to the greatest value.
    """
    finite = values.detach().float().flatten()
    finite = finite[finite.isfinite()]
    if not len(finite):
        return Histogram(0.0, 0.0, (0,) * bins)
    low, high = torch.stack([finite.min(), finite.max()]).tolist()
    if low == high:  # histc would widen the range to one that holds no value's bin
        return Histogram(low, high, (len(finite), *(0,) * (bins - 1)))
    counts = torch.histc(finite, bins, low, high).to(torch.int64).tolist()
    return Histogram(low, high, tuple(counts))


def layer_slopes(net: nn.Module, images: Tensor) -> dict[str, Tensor]:
    """The derivative of each activation at what a batch gave it, by name, in the order they ran.

    Args:
        net: a network of the caller's own: it is hooked while it runs, and stays unchanged.
        images: float (N, C, H, W), normalised.

    Returns:
        Name → tensor of the activation's shape.
    """
    found: dict[str, Tensor] = {}
    kinds = (nn.ReLU, nn.LeakyReLU, nn.GELU, nn.Tanh, nn.Sigmoid)
    handles = []
    for name, module in net.named_modules():
        if isinstance(module, kinds):

            def keep(
                module: nn.Module, inputs: tuple[Tensor], output: Tensor, name: str = name
            ) -> None:
                found[name] = slope(module, inputs[0])

            handles.append(module.register_forward_hook(keep))
    buffers = {name: b.detach().clone() for name, b in net.named_buffers()}
    try:
        with torch.no_grad():
            functional_call(net, buffers, (images,))
    finally:
        for handle in handles:
            handle.remove()
    return found


def slope(activation: nn.Module, at: Tensor) -> Tensor:
    """The derivative of an activation that works element by element, where its input is ``at``."""
    with torch.enable_grad():
        x = at.detach().clone().requires_grad_()
        # A hook that watches this very activation must not see this call of it.
        values = activation.forward(x)
        (found,) = torch.autograd.grad(values.sum(), x)
    return found
