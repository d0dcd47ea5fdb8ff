"""The loop: one curve for one seed, stopped in between or not, and equal to a loop by hand."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from engine.errors import InputError
from engine.train.learning_data import LearningData
from engine.train.loop import EpochEnd, Step, Training, train
from engine.train.settings import RunSettings, TrainSettings
from engine.train.snapshot import capture, restore

Begin = Callable[..., Training]
CPU = torch.device("cpu")


def curve(training: Training) -> list[tuple]:
    """All that is measured, without the time it took."""
    return [comparable(event) for event in train(training)]


def comparable(event: Step | EpochEnd) -> tuple:
    if isinstance(event, Step):
        return (event.step, event.epoch, event.loss, event.accuracy, event.lr)
    return (event.epoch, event.loss, event.accuracy, event.validation, event.layers, event.improved)


RANDOM = {"augment": ("crop", "rotate"), "schedule": "one_cycle", "optimiser": "momentum"}


@pytest.mark.parametrize("changes", [{}, RANDOM, {"shuffle": False}])
def test_the_same_seed_gives_the_same_curve(begin: Begin, changes: dict):
    assert curve(begin(**changes)) == curve(begin(**changes))


def test_another_seed_gives_another_curve(begin: Begin):
    assert curve(begin()) != curve(begin(seed=4))


def test_what_others_draw_in_between_changes_nothing_and_they_are_left_alone(begin: Begin):
    expected = curve(begin(**RANDOM))
    torch.manual_seed(0)
    own = torch.rand(20)
    torch.manual_seed(0)
    drawn, found = [], []
    for event in train(begin(**RANDOM)):
        found.append(comparable(event))
        drawn.append(torch.rand(1))
    assert found == expected
    assert torch.equal(torch.cat(drawn), own[: len(drawn)])


@pytest.mark.parametrize("changes", [{}, RANDOM, {"optimiser": "sgd", "schedule": "cosine"}])
@pytest.mark.parametrize("stop_at", [1, 3, 4, 5])
def test_resuming_is_as_if_it_had_never_stopped(begin: Begin, changes: dict, stop_at: int):
    whole, first = begin(**changes), begin(**changes)
    expected = curve(whole)
    found = []
    for event in train(first):
        found.append(comparable(event))
        if first.position.step == stop_at:
            break
    second = begin(**changes)
    restore(second, capture(first))
    assert found + curve(second) == expected
    for name, tensor in whole.net.state_dict().items():
        assert torch.equal(tensor, second.net.state_dict()[name]), name


def test_it_equals_a_loop_written_by_hand(begin: Begin, digits: LearningData):
    training = begin(net={"dropout": 0.0}, shuffle=False, optimiser="momentum", learning_rate=0.1)
    by_hand = begin(net={"dropout": 0.0}).net
    optimiser = torch.optim.SGD(by_hand.parameters(), lr=0.1, momentum=0.9)
    losses = []
    pixels = digits.train_images.float() / 255
    pixels = (pixels - digits.mean[:, None, None]) / digits.std[:, None, None]
    for _ in range(2):
        for start in range(0, 200, 64):
            optimiser.zero_grad()
            logits = by_hand(pixels[start : start + 64])
            loss = F.cross_entropy(logits, digits.train_targets[start : start + 64])
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    steps = [event for event in train(training) if isinstance(event, Step)]
    assert [step.loss for step in steps] == pytest.approx(losses, abs=1e-6)


def test_steps_count_and_epochs_end(begin: Begin):
    events = list(train(begin()))
    kinds = [type(event).__name__ for event in events]
    assert kinds == ["Step"] * 4 + ["EpochEnd"] + ["Step"] * 4 + ["EpochEnd"]
    steps = [event for event in events if isinstance(event, Step)]
    assert [step.step for step in steps] == list(range(1, 9))
    assert [step.epoch for step in steps] == [1] * 4 + [2] * 4
    assert all(step.images_per_s > 0 for step in steps)


def test_an_epochs_mean_weighs_batches_by_their_images(begin: Begin):
    events = list(train(begin(epochs=1)))
    steps, end = [e for e in events if isinstance(e, Step)], events[-1]
    assert isinstance(end, EpochEnd)
    sizes = [64, 64, 64, 8]
    assert end.loss == pytest.approx(
        sum(s.loss * n for s, n in zip(steps, sizes, strict=True)) / 200
    )
    hits = sum(s.accuracy * n for s, n in zip(steps, sizes, strict=True))
    assert end.accuracy == pytest.approx(hits / 200)


def test_it_learns(begin: Begin):
    events = [event for event in train(begin(epochs=12)) if isinstance(event, EpochEnd)]
    assert events[-1].validation.accuracy > 0.8
    assert events[-1].loss < events[0].loss / 3


def test_every_image_is_seen_once_an_epoch_in_a_new_order(begin: Begin):
    training = begin()
    first = torch.cat(training.batches())
    training.position.epoch = 1
    second = torch.cat(training.batches())
    assert torch.equal(first.sort().values, torch.arange(200))
    assert torch.equal(second.sort().values, torch.arange(200))
    assert not torch.equal(first, second)
    ordered = begin(shuffle=False)
    assert torch.equal(torch.cat(ordered.batches()), torch.arange(200))


def test_early_stopping_waits_as_long_as_it_was_told(begin: Begin):
    training = begin(epochs=30, learning_rate=0.0, patience=2, optimiser="sgd")
    events = [event for event in train(training) if isinstance(event, EpochEnd)]
    losses = [event.validation.loss for event in events]
    best = losses.index(min(losses))
    assert len(events) == best + 1 + 2
    assert training.finished
    assert training.stopped_early
    assert [event.improved for event in events][: best + 1] == [
        loss < min(losses[:i], default=float("inf")) for i, loss in enumerate(losses[: best + 1])
    ]


def test_a_fork_begins_with_the_same_weights_and_goes_its_own_way(begin: Begin):
    trunk = begin(epochs=1)
    list(train(trunk))
    branch = begin(epochs=2, learning_rate=0.05)
    restore(branch, capture(trunk))
    same = begin(epochs=2)
    restore(same, capture(trunk))
    one, other = curve(branch), curve(same)
    assert one[0][2] == other[0][2]  # the first loss is of the same weights and images
    assert one[1][2] != other[1][2]


def test_a_fork_to_another_optimiser_starts_without_its_memory(begin: Begin):
    trunk = begin(epochs=1)
    list(train(trunk))
    branch = begin(epochs=2, optimiser="momentum")
    restore(branch, capture(trunk))
    assert not branch.optimiser.state_dict()["state"]
    assert branch.position.epoch == 1
    assert len(curve(branch)) == 5


def test_a_fork_with_other_batches_starts_its_epoch_again(begin: Begin):
    trunk = begin()
    for _ in train(trunk):
        if trunk.position.step == 6:
            break
    branch = begin(batch_size=100)
    restore(branch, capture(trunk))
    assert (branch.position.epoch, branch.position.batch, branch.position.step) == (1, 0, 6)
    assert [c[0] for c in curve(branch)] == [7, 8, 2]


def test_a_snapshot_of_another_network_is_refused(begin: Begin):
    with pytest.raises(InputError, match="another network") as caught:
        restore(begin(net={"width": 8}), capture(begin()))
    assert str(caught.value.params["layer"]).startswith("head")


def test_batch_norm_cannot_learn_from_one_image(begin: Begin):
    with pytest.raises(InputError, match="at least two images"):
        begin(batch_size=1)


def test_a_network_of_ones_own_is_trained_in_place(settings: RunSettings, digits: LearningData):
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    before = [p.detach().clone() for p in net.parameters()]
    list(train(Training(replace(settings, train=TrainSettings(epochs=1)), digits, CPU, net)))
    assert all(not torch.equal(p, q) for p, q in zip(net.parameters(), before, strict=True))
