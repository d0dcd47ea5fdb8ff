"""Make or measure the weights of the ways to grow back.

``python -m engine.segment.train_upsampling`` trains one encoder and all decoders on drawn scenes,
seeded, on one core, in half an hour, writes the file that ships and prints each decoder's mean IoU
on scenes that it never saw, also by distance from the boundary. ``--measure`` only prints it,
``--minutes`` stops after a while; the same command goes on where it stopped.
"""

import argparse
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from engine.data.panoptic_scenes import CATEGORIES, PanopticSettings, draw_panoptic_scenes
from engine.segment.boundary import confusion_by_distance
from engine.segment.confusion import Confusion
from engine.segment.learning import HELD_OUT_SEED, learn
from engine.segment.lessons import UPSAMPLING_RECIPE, upsampling_training
from engine.segment.panoptic_net import normalise
from engine.segment.targets import stack_pictures
from engine.segment.upsampling_net import DECODERS, UpsamplingNet
from engine.segment.weights import UPSAMPLING_FILE, load_upsampling_net, save_net

HELD_OUT = 200
#: Bands of distance from the nearest true boundary, in pixels.
EDGES_PX = (0.0, 1.5, 3.0, 5.0, 8.0, 12.0, math.inf)


@torch.inference_mode()
def measure_decoders(net: UpsamplingNet, count: int) -> dict[str, tuple[Confusion, ...]]:
    """Pixels by true and said class in each band of ``EDGES_PX``, by decoder.

    Args:
        net: in eval mode.
        count: how many scenes of seed ``HELD_OUT_SEED``.
    """
    nothing = Confusion(np.zeros((len(CATEGORIES), len(CATEGORIES)), np.int64))
    found: dict[str, tuple[Confusion, ...]] = {
        name: (nothing,) * (len(EDGES_PX) - 1) for name in DECODERS
    }
    for scene in draw_panoptic_scenes(count, HELD_OUT_SEED, PanopticSettings()):
        for name, logits in net(normalise(stack_pictures([scene]))).items():
            said = logits[0].argmax(dim=0).numpy()
            bands = confusion_by_distance(said, scene.semantic, len(CATEGORIES), EDGES_PX)
            pairs = zip(found[name], bands, strict=True)
            found[name] = tuple(before + band for before, band in pairs)
    return found


def mean_ious(found: Mapping[str, tuple[Confusion, ...]]) -> dict[str, float]:
    """Mean IoU over all distances, by decoder; 0 where there is no pixel."""
    whole = {name: sum(bands[1:], start=bands[0]) for name, bands in found.items()}
    return {name: each.mean_iou or 0.0 for name, each in whole.items()}


def describe(found: Mapping[str, tuple[Confusion, ...]], count: int) -> str:
    """A line for each decoder: mean IoU, then the share of right pixels in each band."""
    edges = " ".join(f"{edge:g}" for edge in EDGES_PX)
    lines = [f"{count} scenes of seed {HELD_OUT_SEED}; bands of {edges} px:"]
    for name, value in mean_ious(found).items():
        shares = [each.pixel_accuracy for each in found[name]]
        written = " ".join("none" if share is None else f"{share:.3f}" for share in shares)
        lines.append(f"  {name}: mean IoU {value:.4f}, right pixels {written}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Train and save, or only measure; print how good it is; returns 0, or 3 if not yet done."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.segment.train_upsampling", description=__doc__
    )
    parser.add_argument("--measure", action="store_true", help="measure the file, train nothing")
    parser.add_argument("--file", type=Path, default=UPSAMPLING_FILE, help="the weights")
    parser.add_argument("--scenes", type=int, default=HELD_OUT, help="scenes to measure on")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so many")
    parser.add_argument("--steps", type=int, default=UPSAMPLING_RECIPE.steps, help="updates in all")
    asked = parser.parse_args(arguments)
    torch.set_num_threads(1)
    if not asked.measure:
        training = upsampling_training(replace(UPSAMPLING_RECIPE, steps=asked.steps))
        stands_at = asked.file.with_suffix(".training")
        if not learn(training, 60 * asked.minutes, stands_at):
            print(f"step {training.step} of {asked.steps}: the same command goes on from here")
            return 3
        net = training.net.eval()
        assert isinstance(net, UpsamplingNet)
        figures = {**mean_ious(measure_decoders(net, asked.scenes)), "scenes": asked.scenes}
        save_net(asked.file, net, figures)
        stands_at.unlink()
        print(f"{asked.file}: {asked.file.stat().st_size:,} bytes")
    made = load_upsampling_net(torch.device("cpu"), asked.file)
    print(describe(measure_decoders(made.net, asked.scenes), asked.scenes))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
