"""Randomness that depends on nothing but a seed and a position.

torch's layers, dropout and torchvision's transforms draw from torch's global generator. Around
what draws, it is set from (seed, what for, epoch, batch) and put back afterwards: a training that
is stopped and taken up again, or that shares its process with another, draws the same numbers.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_GLOBAL_GENERATOR = threading.RLock()  # there is one for all threads of the process


def derive_seed(seed: int, *position: int | str) -> int:
    """A seed in [0, 2**63) for one purpose: a hash of ``seed`` and ``position``."""
    text = ":".join(map(str, (seed, *position)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


@contextmanager
def seeded(device: torch.device, seed: int, *position: int | str) -> Iterator[None]:
    """Inside, torch's global generators (of the CPU and of ``device``) start from the position.

    The CPU's is set by itself: ``torch.manual_seed`` and ``torch.random.fork_rng`` turn to every
    kind of device there could be, which takes longer than a small network's step.
    """
    start = derive_seed(seed, *position)
    with _GLOBAL_GENERATOR:
        before = torch.default_generator.get_state()
        torch.default_generator.manual_seed(start)
        try:
            with _seeded_accelerator(device, start):
                yield
        finally:
            torch.default_generator.set_state(before)


@contextmanager
def _seeded_accelerator(device: torch.device, start: int) -> Iterator[None]:
    """The same for the generator of a GPU; nothing for the CPU."""
    if device.type == "cpu":
        yield
        return
    module = torch.get_device_module(device)
    before = module.get_rng_state()
    module.manual_seed(start)
    try:
        yield
    finally:
        module.set_rng_state(before)


def generator(seed: int, *position: int | str) -> torch.Generator:
    """A generator of its own on the CPU, started from the position."""
    return torch.Generator().manual_seed(derive_seed(seed, *position))
