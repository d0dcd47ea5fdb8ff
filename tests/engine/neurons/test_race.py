"""The race against a bare loop, and that it can be run in pieces."""

import time
from dataclasses import replace

import numpy as np
import torch
from torch import nn

from engine.neurons.depth import DepthSettings, build_deep_net
from engine.neurons.race import BATCH, LONGEST, Race
from engine.progress import Progress
from engine.serving.vanishing_gradients.compute import RaceSeen, digits, run_race
from engine.train.seeding import generator

OWN = DepthSettings(4, 16, "sigmoid", "pytorch", "none", False)
RIVAL = DepthSettings(4, 16, "relu", "he", "batch", True)


def test_losses_and_moves_are_those_of_a_bare_loop() -> None:
    images, targets = digits()
    race = Race([OWN, RIVAL], images, targets, rate=0.1)
    race.advance(12)
    for entered, settings in enumerate((OWN, RIVAL)):
        net = build_deep_net(settings, (1, 8, 8), 10)
        first = [m.weight.detach().clone() for m in net.modules() if isinstance(m, nn.Linear)]
        draw, losses = generator(0, "race"), []
        for _ in range(12):
            picked = torch.randint(len(images), (BATCH,), generator=draw)
            loss = nn.functional.cross_entropy(net(images[picked]), targets[picked])
            grads = torch.autograd.grad(loss, list(net.parameters()))
            with torch.no_grad():
                for parameter, gradient in zip(net.parameters(), grads, strict=True):
                    parameter -= 0.1 * gradient
            losses.append(loss.item())
        torch.testing.assert_close(race.losses()[entered], torch.tensor(losses))
        last = [m.weight.detach() for m in net.modules() if isinstance(m, nn.Linear)]
        moved = [(w - w0).norm() / w0.norm() for w, w0 in zip(last, first, strict=True)]
        torch.testing.assert_close(race.moved()[entered].float(), torch.stack(moved))


def test_a_race_in_pieces_is_the_same_race_and_ends() -> None:
    images, targets = digits()
    whole, pieces = (Race([OWN], images, targets, rate=0.1) for _ in range(2))
    whole.advance(9)
    for until in (2, 2, 7, 9):
        pieces.advance(until)
    assert torch.equal(whole.losses(), pieces.losses())
    assert torch.equal(whole.accuracies(), pieces.accuracies())
    tiny = Race([replace(OWN, depth=2, width=4)], images, targets, rate=0.1)
    tiny.advance(10 * LONGEST)
    assert tiny.steps == LONGEST


def run(settings: DepthSettings, rate: float, until: int) -> RaceSeen:
    """The race of one net, waited for."""
    while isinstance(seen := run_race((settings,), rate, until), Progress):
        time.sleep(0.01)
    return seen


def test_asking_for_less_than_was_run_trains_nothing_anew() -> None:
    settings = replace(OWN, seed=5)
    assert run(settings, 0.1, 6).steps == 6
    shorter = run(settings, 0.1, 3)
    assert shorter.steps == 6
    assert np.array_equal(shorter.losses, run(settings, 0.1, 6).losses)
    assert run(settings, 0.2, 3).steps < 6
