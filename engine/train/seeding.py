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
    """Inside, torch's global generators (of the CPU and of ``device``) start from the position."""
    own = [] if device.type == "cpu" else [device.index or 0]
    kind = "cuda" if device.type == "cpu" else device.type
    with _GLOBAL_GENERATOR, torch.random.fork_rng(own, device_type=kind):
        torch.manual_seed(derive_seed(seed, *position))
        yield


def generator(seed: int, *position: int | str) -> torch.Generator:
    """A generator of its own on the CPU, started from the position."""
    return torch.Generator().manual_seed(derive_seed(seed, *position))
