"""How long a network takes for a picture and for a batch, on the device that Fovea computes on.

Weights are drawn at random: how long a multiplication takes does not depend on the numbers, as long
as none is so small that the processor takes a detour, which the scale of the weights prevents.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor, nn

from engine.nets.architectures import build_architecture, find_architecture

BATCH = 4
#: How long passes of one batch are repeated; at least twice, the first not counted.
LOOK_S = 0.3
MOST_PASSES = 5


@dataclass(frozen=True)
class Pace:
    """Milliseconds of the quickest pass: of one picture, and of a batch of :data:`BATCH`."""

    one_ms: float
    batch_ms: float


@torch.no_grad()
def measure_pace(name: str, device: torch.device) -> Pace:
    """Passes of an architecture with random weights, on pictures of its own size.

    On a CPU it takes the cores that torch gives this thread.

    Raises:
        InputError: there is no such architecture, or too little memory.
    """
    net = fill_at_random(build_architecture(name)).to(device)
    size = find_architecture(name).input_size
    generator = torch.Generator().manual_seed(0)
    pictures = torch.randn(BATCH, 3, *size, generator=generator).to(device)
    one = _quickest_ms(lambda: net(pictures[:1]), device)
    return Pace(one, _quickest_ms(lambda: net(pictures), device))


@torch.no_grad()
def fill_at_random(net: nn.Module) -> nn.Module:
    """Numbers for all parameters that have none: uniform, as large as keeps signals alive (He)."""
    generator = torch.Generator().manual_seed(0)
    for module in net.modules():
        for name, empty in module.named_parameters(recurse=False):
            if empty.is_meta:
                setattr(module, name, nn.Parameter(_random(empty, generator), False))
    return net.eval()


def _random(empty: Tensor, generator: torch.Generator) -> Tensor:
    """Weights of several axes by He's rule; of one axis (norms, biases) between 0.5 and 1."""
    made = torch.empty(empty.shape)
    if empty.dim() < 2:
        return made.uniform_(0.5, 1.0, generator=generator)
    reach = math.sqrt(6 / (empty.numel() / empty.shape[0]))
    return made.uniform_(-reach, reach, generator=generator)


def _quickest_ms(run: Callable[[], object], device: torch.device) -> float:
    _wait(device)
    begun, passes = perf_counter(), []
    while len(passes) < 2 or (perf_counter() - begun < LOOK_S and len(passes) < MOST_PASSES):
        start = perf_counter()
        run()
        _wait(device)
        passes.append((perf_counter() - start) * 1000)
    return min(passes[1:])


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
