"""The weights that ship; ``python -m engine.detection.nanodet`` makes them of published ones."""

from functools import cache
from pathlib import Path

import torch

from engine.detection.nanodet.net import NanoDet
from engine.nets.published_weights import WEIGHTS_FOLDER, fill_published

WEIGHTS_FILE = WEIGHTS_FOLDER / "nanodet_g.safetensors"


def new_nanodet(path: Path = WEIGHTS_FILE) -> NanoDet:
    """The shipped network as float32 on the CPU, in training mode: a copy of one's own to train.

    Raises:
        InputError: the file is missing, damaged or another network's.
    """
    net = NanoDet()
    fill_published(net, path)
    return net


@cache
def load_nanodet(device: torch.device, path: Path = WEIGHTS_FILE) -> NanoDet:
    """The shipped network on a device, loaded once in a process and shared: only to be read.

    Raises:
        InputError: as :func:`new_nanodet`.
    """
    net = new_nanodet(path).eval().requires_grad_(False).to(device)
    # torch's overloads leave the memory format out
    return net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
