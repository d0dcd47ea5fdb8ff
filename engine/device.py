"""Where the engine computes: chosen once a process, and what to do when memory runs out.

Order: CUDA, then Apple's MPS, then the CPU; the environment variable ``FOVEA_DEVICE`` overrides it
with anything ``torch.device`` accepts for these three ("cuda:1"). torch is imported inside the
functions, so that importing this module stays cheap.
"""

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from engine.errors import InputError

if TYPE_CHECKING:
    import torch

_KINDS = ("cuda", "mps", "cpu")


@cache
def choose_device() -> "torch.device":
    """The device of this process: ``FOVEA_DEVICE`` where set, else CUDA, then MPS, then the CPU.

    Raises:
        InputError: ``FOVEA_DEVICE`` is not a device, or names one that this machine lacks.
    """
    import torch

    wanted = os.environ.get("FOVEA_DEVICE", "").strip()
    if wanted:
        return _parse_device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def _parse_device(wanted: str) -> "torch.device":
    import torch

    try:
        device = torch.device(wanted)
    except RuntimeError:
        device = None
    if device is None or device.type not in _KINDS:
        raise InputError("device_unknown", wanted=wanted[:40], choices=", ".join(_KINDS))
    if (device.index or 0) >= _count_devices(device.type):
        there = [f"{kind}:{i}" for kind in _KINDS for i in range(_count_devices(kind))]
        raise InputError("device_missing", wanted=wanted, choices=", ".join(there))
    return device


def _count_devices(kind: str) -> int:
    import torch

    if kind == "cuda":
        return torch.cuda.device_count()
    return 1 if kind == "cpu" else int(torch.backends.mps.is_available())


def describe_device(device: "torch.device | None" = None) -> str:
    """The device in words, such as "CPU (x86_64, 2 threads)"; by default the chosen one."""
    import torch

    device = choose_device() if device is None else device
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return f"{properties.name} (CUDA, {properties.total_memory / 2**30:.0f} GiB)"
    if device.type == "mps":
        return f"Apple GPU ({platform.machine()}, MPS)"
    return f"CPU ({platform.machine()}, {torch.get_num_threads()} threads)"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` is torch's way of saying that a device (or the CPU) has no memory left.

    CUDA raises ``torch.OutOfMemoryError``; MPS and the CPU a plain ``RuntimeError``.
    """
    import torch

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and (
        "DefaultCPUAllocator" in text or "MPS backend out of memory" in text
    )


@contextmanager
def report_out_of_memory(device: "torch.device") -> Iterator[None]:
    """Turns running out of memory inside the block into a sentence; other errors pass through.

    Raises:
        InputError: there was not enough memory on ``device``.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise InputError("out_of_memory", device=describe_device(device)) from None


def run_in_batches(
    forward: "Callable[[torch.Tensor], torch.Tensor]",
    batch: "torch.Tensor",
    device: "torch.device",
) -> "torch.Tensor":
    """``forward(batch)``, in halves of halves where the device has no memory for the whole.

    Args:
        forward: works on each item of the batch by itself, (N, …) to (N, …).
        batch: (N, …), N >= 1.
        device: where ``forward`` computes (the batch itself may lie elsewhere).

    Raises:
        InputError: there is not enough memory even for one item.
    """
    import torch

    parts, start, size = [], 0, len(batch)
    while start < len(batch):
        part = _try_forward(forward, batch[start : start + size])
        if part is not None:
            parts.append(part)
            start += size
        elif size > 1:
            size = (size + 1) // 2
        else:
            raise InputError("out_of_memory", device=describe_device(device))
    return parts[0] if len(parts) == 1 else torch.cat(parts)


def _try_forward(
    forward: "Callable[[torch.Tensor], torch.Tensor]", batch: "torch.Tensor"
) -> "torch.Tensor | None":
    """None where memory ran out; by then the failed attempt's tensors have been let go."""
    import torch

    try:
        return forward(batch)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return None
