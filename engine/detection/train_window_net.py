"""Make the weights of the window classifier: ``python -m engine.detection.train_window_net``.
With ``--padded``, those of its twin whose convolutions pad; with ``--faces``, those of the net that
tells scikit-image's faces from its other patches.

Trains the net on 32 x 32 windows of drawn scenes (nothing, circle, square, triangle), seeded, on
one core, in minutes, and prints the accuracy on windows of scenes that it never saw. The file that
is shipped was made by this command.
"""

import argparse
from pathlib import Path

import torch
from torch import nn

from engine.data.datasets import load_faces
from engine.detection.window_classifiers import (
    FACES_FILE,
    PADDED_FILE,
    SHAPES_FILE,
    WIDTH,
    save_shapes_net,
)
from engine.detection.window_patches import CLASSES, cut_patches
from engine.train.learning_data import LearningData, make_learning_data
from engine.train.loop import EpochEnd, Training, train
from engine.train.seeding import seeded
from engine.train.settings import RunSettings, TrainSettings
from engine.trainable.window_net import WindowNet

LEARNT, HELD_OUT = 14_000, 2_000
SETTINGS = RunSettings(
    train=TrainSettings(
        epochs=16,
        batch_size=64,
        learning_rate=4e-3,
        weight_decay=0.05,
        schedule="one_cycle",
        augment=("flip", "flip_vertical"),
    )
)
FACES_HELD_OUT = 60  # of 200 patches
FACE_SETTINGS = RunSettings(
    train=TrainSettings(
        epochs=60,
        batch_size=20,
        learning_rate=4e-3,
        weight_decay=0.05,
        schedule="one_cycle",
        augment=("flip",),
    )
)


def patches(learnt: int = LEARNT, held_out: int = HELD_OUT) -> LearningData:
    """Patches to learn from, and others, of other scenes, to be judged by."""
    parts = [cut_patches(count, seed) for seed, count in enumerate((learnt, held_out))]
    return make_learning_data(parts[0], parts[1], CLASSES)


def face_patches() -> LearningData:
    """scikit-image's patches, grey 25 x 25 px, of which 60 drawn by seed 0 are held out."""
    faces = load_faces()
    order = torch.randperm(len(faces.images), generator=torch.Generator().manual_seed(0))
    held, learnt = order[:FACES_HELD_OUT], order[FACES_HELD_OUT:]
    parts = [(faces.images[part], faces.targets[part]) for part in (learnt, held)]
    return make_learning_data(parts[0], parts[1], faces.classes)


def train_window_net(
    data: LearningData, settings: RunSettings = SETTINGS, padding: int = 0
) -> tuple[nn.Module, EpochEnd]:
    """The trained net in eval mode, and how its last epoch ended.

    Args:
        data: patches of one size, at least 16 px a side.
        settings: how to learn; the network that they name is not used.
        padding: of the convolutions, 0 to 2.
    """
    device = torch.device("cpu")
    with seeded(device, settings.seed, "weights"):
        net = WindowNet(data.input_shape, len(data.classes), WIDTH, padding=padding)
    ends = [e for e in train(Training(settings, data, device, net)) if isinstance(e, EpochEnd)]
    return net.eval(), ends[-1]


def main(arguments: list[str] | None = None) -> int:
    """Train, save, and print how good it is; returns 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="where to write the weights")
    parser.add_argument("--padded", action="store_true", help="the twin that pads with zeros")
    parser.add_argument("--faces", action="store_true", help="the net for faces")
    given = parser.parse_args(arguments)
    own = FACES_FILE if given.faces else PADDED_FILE if given.padded else SHAPES_FILE
    out, padding = given.out or own, 2 * given.padded
    torch.set_num_threads(1)
    data = face_patches() if given.faces else patches()
    settings = FACE_SETTINGS if given.faces else SETTINGS
    net, end = train_window_net(data, settings, padding)
    save_shapes_net(out, net, data, end.validation.accuracy, padding)
    print(f"{end.validation.accuracy:.2%} of {len(data.validation_targets):,} held-out patches")
    print(f"{out}: {out.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
