"""A trained network taken out of its run's folder: no data set is needed for that."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

import engine.runs.subjects  # noqa: F401  a run may be of any subject
from engine.runs.checkpoints import Checkpoint, find_checkpoint, load_checkpoint
from engine.train.learning_data import normalise
from engine.train.seeding import seeded
from engine.train.settings import settings_from_dict
from engine.train.snapshot import load_net
from engine.trainable.choice import build_net


@dataclass(frozen=True)
class OpenedNet:
    """A network as it was at a checkpoint, in eval mode, on the CPU.

    Attributes:
        net: (N, C, H, W), normalised → logits (N, classes).
        classes: their names.
        input_shape: (C, H, W) of the pictures that it learnt from.
        mean, std: float32 (C,), what pixels in [0, 1] are normalised by.
        checkpoint: where it comes from.
    """

    net: nn.Module
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]
    mean: Tensor
    std: Tensor
    checkpoint: Checkpoint

    def prepare(self, images: Tensor) -> Tensor:
        """uint8 (N, C, H, W) → float32, as the network takes them."""
        return normalise(images, self.mean, self.std)


class FromPixels(nn.Module):
    """A network that normalises by itself: float (N, C, H, W) in [0, 1] → logits."""

    mean: Tensor
    std: Tensor

    def __init__(self, opened: OpenedNet) -> None:
        super().__init__()
        self.net = opened.net
        self.register_buffer("mean", opened.mean[:, None, None])
        self.register_buffer("std", opened.std[:, None, None])

    def forward(self, pixels: Tensor) -> Tensor:
        return self.net((pixels - self.mean) / self.std)


def open_net(folder: Path, epoch: int | None = None) -> OpenedNet:
    """The network of a run at its last checkpoint, or at the end of an epoch.

    Raises:
        InputError: no such checkpoint, or a damaged one.
    """
    checkpoint = find_checkpoint(folder, epoch)
    snapshot = load_checkpoint(checkpoint.path)
    facts = snapshot.facts
    settings = settings_from_dict(facts["settings"])
    channels, height, width = facts["input_shape"]
    with seeded(torch.device("cpu"), 0, "opened"):  # drawn weights are replaced at once
        net = build_net(
            settings.net, (channels, height, width), len(facts["classes"]), pretrained=False
        )
    load_net(net, snapshot)
    return OpenedNet(
        net=net.eval(),
        classes=tuple(facts["classes"]),
        input_shape=(channels, height, width),
        mean=torch.tensor(facts["mean"]),
        std=torch.tensor(facts["std"]),
        checkpoint=checkpoint,
    )
