"""Loaded networks, kept in memory for everyone who asks, and bounded.

A network in residence is shared and read-only: eval mode, no gradients on its parameters, never
hooked, never trained. Whoever needs to hook one (Captum does) takes a copy of its own.
"""

import copy
from collections.abc import Callable
from functools import cache

import torch
from torch import nn

from engine.cache import Budget, Cache
from engine.device import choose_device, report_out_of_memory
from engine.nets import catalog

MOST = 64  # networks; their bytes count to the budget that all caches share


class Residence:
    """Networks by name, least recently used out first.

    Their parameters and buffers count to a budget, except that the one asked for last always
    stays, even where it alone is larger. Safe to use from several threads: each network is loaded
    by the first who asks, while others who want the same wait for it and those who want another do
    not.

    Args:
        load: makes the network of a name; its errors go to whoever asked.
        budget: as above; by default the one that all caches of the process share.
    """

    def __init__(self, load: Callable[[str], nn.Module], budget: Budget | None = None) -> None:
        self._load = load
        self._models: Cache[nn.Module] = Cache(MOST, budget, count_bytes)

    def resident(self, name: str) -> nn.Module:
        """The shared, read-only network of that name, loaded if need be."""
        return self._models.get(name, lambda: self._load(name))

    def private_copy(self, name: str) -> nn.Module:
        """A copy of :meth:`resident` that the caller may hook; parameters need no gradients."""
        return copy.deepcopy(self.resident(name))

    def list_names(self) -> list[str]:
        """Names of the networks in memory, least recently used first."""
        return [str(name) for name in self._models.keys()]  # noqa: SIM118 - of a cache

    def count_bytes(self) -> int:
        """Memory taken by the networks' parameters and buffers."""
        return self._models.held_bytes


def count_bytes(model: nn.Module) -> int:
    """Memory taken by a network's parameters and buffers."""
    tensors = [*model.parameters(), *model.buffers()]
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


@cache
def residence() -> Residence:
    """The residence of this process: classifiers with their published weights, on the device."""
    return Residence(load_shared)


def load_shared(name: str) -> nn.Module:
    """The classifier of that name, made ready to be shared, on the chosen device.

    Raises:
        InputError: the name is unknown, or the weights are missing, damaged or too large.
    """
    device = choose_device()
    model = catalog.load(name).requires_grad_(False)
    with report_out_of_memory(device):
        model = model.to(device)
        if device.type == "cuda":  # torch's overloads leave the memory format out
            model = model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        return model
