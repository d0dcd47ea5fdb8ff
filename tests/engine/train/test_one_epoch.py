"""One epoch, batch by batch, against the same training done by hand."""

from dataclasses import replace

import pytest
import torch

from engine.data.datasets import load_digits
from engine.train.feeding import choose_parts, load_learning_data
from engine.train.learning_data import LearningData, normalise
from engine.train.loop import Training
from engine.train.one_epoch import study_epoch
from engine.train.settings import DataSettings, RunSettings


@pytest.fixture
def plain(settings: RunSettings) -> RunSettings:
    return replace(
        settings,
        net=replace(settings.net, norm="none", dropout=0.0),
        train=replace(settings.train, optimiser="sgd", learning_rate=0.1),
    )


def test_each_move_is_the_learning_rate_times_the_gradient(
    plain: RunSettings, digits: LearningData
):
    found = study_epoch(plain, digits)
    training = Training(plain, digits, torch.device("cpu"))
    start = found.order.split(found.sizes.tolist())
    for i, batch in enumerate(start):
        images = normalise(digits.train_images[batch], digits.mean, digits.std)
        loss = torch.nn.CrossEntropyLoss()(training.net(images), digits.train_targets[batch])
        gradients = torch.autograd.grad(loss, list(training.net.parameters()))
        norm = torch.cat([each.flatten() for each in gradients]).norm()
        torch.testing.assert_close(found.losses[i], loss.detach())
        torch.testing.assert_close(found.moves[i], 0.1 * norm, rtol=1e-4, atol=1e-6)
        with torch.no_grad():
            for parameter, gradient in zip(training.net.parameters(), gradients, strict=True):
                parameter -= 0.1 * gradient
    assert found.sizes.sum() == len(digits.train_targets)
    assert 0 < found.displacement <= found.moves.sum().item() * (1 + 1e-5)
    assert found.weights == sum(p.numel() for p in training.net.parameters())


def test_unshuffled_pictures_come_in_the_order_of_the_data(
    plain: RunSettings, digits: LearningData
):
    still = replace(plain, train=replace(plain.train, shuffle=False))
    count = len(digits.train_targets)
    assert study_epoch(still, digits).order.tolist() == list(range(count))
    assert study_epoch(plain, digits).order.sort().values.tolist() == list(range(count))


def test_by_class_means_class_after_class():
    settings = RunSettings(data=DataSettings("digits", label_noise=0.2, by_class=True))
    data = load_digits()
    parts = choose_parts(settings, data)
    mixed = choose_parts(replace(settings, data=replace(settings.data, by_class=False)), data)
    assert (parts.train_targets.diff() >= 0).all()
    assert not (mixed.train_targets.diff() >= 0).all()
    assert torch.equal(parts.train.sort().values, mixed.train.sort().values)
    assert torch.equal(parts.validation, mixed.validation)
    assert torch.equal(parts.train_targets != data.targets[parts.train], parts.is_swapped)
    learnt = load_learning_data(settings, data)
    assert torch.equal(learnt.train_targets, parts.train_targets)
