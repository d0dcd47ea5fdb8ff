"""Make the weights of DetectNet, or measure them: ``python -m engine.detection.detectnet``.

Trains on scenes that the engine draws, seeded, on one core, in minutes, writes the file that ships
and prints its AP50 on scenes that it never saw. ``--measure`` only prints it.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from engine.detection.average_precision import average_precision_50
from engine.detection.detectnet.decoding import FLOOR, Merge
from engine.detection.detectnet.finding import find_objects
from engine.detection.detectnet.scenes import HELD_OUT, HELD_OUT_SEED, draw_scenes, load_scenes
from engine.detection.detectnet.weights import (
    WEIGHTS_FILE,
    TrainedDetectNet,
    load_detectnet,
    save_detectnet,
)
from engine.train.loop import Training, train
from engine.train.settings import SCENES, DataSettings, DetectorSettings, RunSettings, TrainSettings
from engine.trainable.detect_net import DetectNet
from engine.trainable.net_settings import net_defaults
from engine.trainable.truths import pack_truths

MEASURED_SCENES = 300
SETTINGS = RunSettings(
    data=DataSettings(SCENES),
    net=net_defaults("detectnet"),
    train=TrainSettings(
        epochs=12, batch_size=32, learning_rate=6e-3, weight_decay=0.01, schedule="one_cycle"
    ),
    detector=DetectorSettings(scenes=5000),
)
CPU = torch.device("cpu")


def train_detectnet(settings: RunSettings = SETTINGS) -> TrainedDetectNet:
    """A DetectNet trained on drawn scenes, on the CPU, in eval mode; same settings, same net."""
    training = Training(settings, load_scenes(settings), CPU)
    for _ in train(training):
        pass  # the net is what is wanted of it
    assert isinstance(training.net, DetectNet)
    names = training.data.classes
    return TrainedDetectNet(training.net.eval().requires_grad_(False), names, {})


def measure_ap50(
    trained: TrainedDetectNet, count: int = MEASURED_SCENES, merge: Merge = "nms"
) -> float:
    """AP50 on the first ``count`` scenes of seed ``HELD_OUT_SEED``."""
    scenes = draw_scenes(count, HELD_OUT_SEED)
    found = [find_objects(trained, each, FLOOR, merge) for each in scenes.pixels]
    truths = pack_truths(torch.from_numpy(scenes.boxes), torch.from_numpy(scenes.labels))
    return average_precision_50(found, truths, len(trained.class_names))


def main(arguments: list[str] | None = None) -> int:
    """Train and save, or only measure; print how good it is; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.detection.detectnet", description=__doc__
    )
    parser.add_argument("--measure", action="store_true", help="measure the file, train nothing")
    parser.add_argument("--file", type=Path, default=WEIGHTS_FILE, help="the weights")
    parser.add_argument("--scenes", type=int, default=MEASURED_SCENES, help="scenes to measure on")
    asked = parser.parse_args(arguments)
    torch.set_num_threads(1)
    if not asked.measure:
        made = train_detectnet()
        measured = {count: measure_ap50(made, count) for count in (HELD_OUT, MEASURED_SCENES)}
        save_detectnet(asked.file, replace(made, ap50=measured))
        print(f"{asked.file}: {asked.file.stat().st_size:,} bytes")
    trained = load_detectnet(CPU, asked.file)
    for merge in ("nms", "cluster"):
        ap50 = measure_ap50(trained, asked.scenes, merge)
        print(f"AP50 {ap50:.4f} ({merge}) on {asked.scenes} scenes of seed {HELD_OUT_SEED}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
