"""Make or measure the weights of the panoptic net: ``python -m engine.segment.train_panoptic``.

Trains on scenes that the engine draws, seeded, on one core, in half an hour, writes the file that
ships and prints its figures on scenes that it never saw. ``--measure`` only prints them.
``--minutes`` stops after a while; the same command goes on where it stopped.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from engine.data.panoptic_scenes import CATEGORIES
from engine.segment.held_out import HELD_OUT, Figures, measure
from engine.segment.learning import HELD_OUT_SEED, learn
from engine.segment.lessons import PANOPTIC_RECIPE, panoptic_training
from engine.segment.panoptic_net import PanopticNet
from engine.segment.weights import WEIGHTS_FILE, load_panoptic_net, save_net, trained


def describe(figures: Figures) -> str:
    """The figures in a few lines."""
    named = figures.as_numbers()
    lines = [f"{figures.scenes} scenes of seed {HELD_OUT_SEED}:"]
    lines += [f"  {name} {value:.4f}" for name, value in named.items() if name != "scenes"]
    rows = zip(CATEGORIES, figures.semantic.iou, figures.panoptic.classes, strict=True)
    for name, iou, quality in rows:
        pq = "none" if quality.pq is None else f"{quality.pq:.4f}"
        lines.append(f"  {name}: IoU {iou:.4f}, PQ {pq}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Train and save, or only measure; print how good it is; returns 0, or 3 if not yet done."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.segment.train_panoptic", description=__doc__
    )
    parser.add_argument("--measure", action="store_true", help="measure the file, train nothing")
    parser.add_argument("--file", type=Path, default=WEIGHTS_FILE, help="the weights")
    parser.add_argument("--scenes", type=int, default=HELD_OUT, help="scenes to measure on")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--steps", type=int, default=PANOPTIC_RECIPE.steps, help="updates in all")
    asked = parser.parse_args(arguments)
    torch.set_num_threads(1)
    if not asked.measure:
        training = panoptic_training(replace(PANOPTIC_RECIPE, steps=asked.steps))
        stands_at = asked.file.with_suffix(".training")
        if not learn(training, 60 * asked.minutes, stands_at):
            print(f"step {training.step} of {asked.steps}: the same command goes on from here")
            return 3
        assert isinstance(training.net, PanopticNet)
        figures = measure(trained(training.net), asked.scenes).as_numbers()
        save_net(asked.file, training.net, figures)
        stands_at.unlink()
        print(f"{asked.file}: {asked.file.stat().st_size:,} bytes")
    made = load_panoptic_net(torch.device("cpu"), asked.file)
    print(describe(measure(made, asked.scenes)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
