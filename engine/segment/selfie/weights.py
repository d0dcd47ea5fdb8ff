"""The weights that ship; ``python -m engine.segment.selfie`` makes them of the published ones."""

from functools import cache
from pathlib import Path

import torch

from engine.nets.published_weights import WEIGHTS_FOLDER, fill_published
from engine.segment.selfie.net import SelfieNet

WEIGHTS_FILE = WEIGHTS_FOLDER / "selfie.safetensors"


def new_selfie_net(path: Path = WEIGHTS_FILE) -> SelfieNet:
    """The shipped network as float32 on the CPU, in training mode: a copy of one's own to train.

    Raises:
        InputError: the file is missing, damaged or another network's.
    """
    net = SelfieNet()
    fill_published(net, path)
    return net


@cache
def load_selfie_net(device: torch.device, path: Path = WEIGHTS_FILE) -> SelfieNet:
    """The shipped network on a device, loaded once in a process and shared: only to be read.

    Raises:
        InputError: as :func:`new_selfie_net`.
    """
    net = new_selfie_net(path).eval().requires_grad_(False).to(device)
    # torch's overloads leave the memory format out
    return net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
