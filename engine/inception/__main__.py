"""Make the weights of the small GoogLeNet: ``python -m engine.inception``.

Trains it to tell which of eight photographs a patch is from, seeded, on one core, in about three
minutes, and prints the share of right answers on patches of the fifth of each photograph that it
never saw. The file that is shipped was made by this command.
"""

import argparse
from pathlib import Path

import torch

from engine.inception.module import SmallGoogLeNet
from engine.inception.patches import CLASSES, cut_photo_patches
from engine.inception.weights import WEIGHTS_FILE, save_inception
from engine.train.learning_data import LearningData, make_learning_data
from engine.train.loop import EpochEnd, Training, train
from engine.train.seeding import seeded
from engine.train.settings import RunSettings, TrainSettings

LEARNT, HELD_OUT = 6_400, 1_600
SETTINGS = RunSettings(
    train=TrainSettings(
        epochs=12,
        batch_size=64,
        learning_rate=4e-3,
        weight_decay=0.05,
        schedule="one_cycle",
        augment=("flip",),
    )
)


def patches(learnt: int = LEARNT, held_out: int = HELD_OUT) -> LearningData:
    """Patches to learn from, and others, of the held-out fifths, to be judged by."""
    train, judge = cut_photo_patches(learnt, 0, False), cut_photo_patches(held_out, 1, True)
    return make_learning_data(train, judge, CLASSES)


def train_inception(
    data: LearningData, settings: RunSettings = SETTINGS
) -> tuple[SmallGoogLeNet, float]:
    """The trained network in eval mode, and its share of right answers on held-out patches."""
    device = torch.device("cpu")
    with seeded(device, settings.seed, "weights"):
        net = SmallGoogLeNet(len(data.classes))
    ends = [e for e in train(Training(settings, data, device, net)) if isinstance(e, EpochEnd)]
    return net.eval(), ends[-1].validation.accuracy


def main(arguments: list[str] | None = None) -> int:
    """Train, save, and print how good it is; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m engine.inception", description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE, help="where to write the weights")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    data = patches()
    net, accuracy = train_inception(data)
    save_inception(given.out, net, data, accuracy)
    print(f"{accuracy:.2%} of {len(data.validation_targets):,} held-out patches")
    print(f"{given.out}: {given.out.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
