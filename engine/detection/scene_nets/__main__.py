"""Make the weights of a small torchvision detector, or measure them.

``python -m engine.detection.scene_nets faster_rcnn`` trains on scenes that the engine draws,
seeded, on two cores, in about three minutes, writes the file that ships and prints its AP50 on
scenes that it never saw. ``--measure`` only prints it.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import torch

from engine.detection.scene_nets.training import (
    CPU,
    MEASURED_SCENES,
    SETTINGS,
    measure_ap50,
    train_scene_net,
)
from engine.detection.scene_nets.weights import load_scene_net, save_scene_net, weights_file
from engine.train.loop import EpochEnd

CORES = 2


def main(arguments: list[str] | None = None) -> int:
    """Train and save, or only measure; print how good it is; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.detection.scene_nets", description=__doc__
    )
    parser.add_argument("net", choices=tuple(SETTINGS))
    parser.add_argument("--measure", action="store_true", help="measure the file, train nothing")
    parser.add_argument("--file", type=Path, help="the weights, by default those that ship")
    asked = parser.parse_args(arguments)
    path = asked.file or weights_file(asked.net)
    torch.set_num_threads(CORES)
    if not asked.measure:
        began = time.process_time()

        def tell(event: EpochEnd) -> None:
            spent, ap50 = time.process_time() - began, event.validation.accuracy
            print(f"epoch {event.epoch}: AP50 {ap50:.4f}, {spent:.0f} s of a core", flush=True)

        made = train_scene_net(SETTINGS[asked.net], tell)
        ap50 = measure_ap50(made)
        save_scene_net(path, replace(made, ap50={MEASURED_SCENES: ap50}))
        print(f"{path}: {path.stat().st_size:,} bytes; AP50 {ap50:.4f} in float32")
    ap50 = measure_ap50(load_scene_net(asked.net, CPU, path))
    print(f"AP50 {ap50:.4f} on {MEASURED_SCENES} scenes as stored")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
