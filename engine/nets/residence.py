"""Loaded networks, kept in memory for everyone who asks, and bounded.

A network in residence is shared and read-only: eval mode, no gradients on its parameters, never
hooked, never trained. Whoever needs to hook one (Captum does) takes a copy of its own.
"""

import copy
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache

import torch
from torch import nn

from engine.device import choose_device, report_out_of_memory
from engine.nets import catalog

LIMIT_BYTES = 2 * 2**30  # parameters and buffers of all resident networks together


class Residence:
    """Networks by name, least recently used out first.

    Their parameters and buffers take at most ``limit_bytes``, except that the one asked for last
    always stays, even where it alone is larger. Safe to use from several threads: each network is
    loaded by the first who asks, while others who want the same wait for it and those who want
    another do not.

    Args:
        load: makes the network of a name; its errors go to whoever asked.
        limit_bytes: as above.
    """

    def __init__(self, load: Callable[[str], nn.Module], limit_bytes: int = LIMIT_BYTES) -> None:
        self._load = load
        self._limit_bytes = limit_bytes
        self._models: OrderedDict[str, nn.Module] = OrderedDict()
        self._loading: dict[str, Future[nn.Module]] = {}
        self._lock = threading.Lock()

    def resident(self, name: str) -> nn.Module:
        """The shared, read-only network of that name, loaded if need be."""
        with self._lock:
            if name in self._models:
                self._models.move_to_end(name)
                return self._models[name]
            first = name not in self._loading
            awaited = self._loading.setdefault(name, Future())
        if first:
            self._load_for_all(name, awaited)
        return awaited.result()

    def private_copy(self, name: str) -> nn.Module:
        """A copy of :meth:`resident` that the caller may hook; parameters need no gradients."""
        return copy.deepcopy(self.resident(name))

    def list_names(self) -> list[str]:
        """Names of the networks in memory, least recently used first."""
        with self._lock:
            return list(self._models)

    def count_bytes(self) -> int:
        """Memory taken by the networks' parameters and buffers."""
        with self._lock:
            return sum(count_bytes(model) for model in self._models.values())

    def _load_for_all(self, name: str, awaited: Future[nn.Module]) -> None:
        """Loads a network, and hands it (or what went wrong) to everyone who waits for it."""
        try:
            model = self._load(name)
        except BaseException as error:
            with self._lock:
                del self._loading[name]
            awaited.set_exception(error)
            return
        with self._lock:
            del self._loading[name]
            self._models[name] = model
            self._make_room()
        awaited.set_result(model)

    def _make_room(self) -> None:
        total = sum(count_bytes(model) for model in self._models.values())
        while total > self._limit_bytes and len(self._models) > 1:
            _, oldest = self._models.popitem(last=False)
            total -= count_bytes(oldest)


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
