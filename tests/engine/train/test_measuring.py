"""Validation figures against torchmetrics and by hand."""

import pytest
import torch
from torchmetrics.functional.classification import multiclass_confusion_matrix

from engine.train.learning_data import LearningData
from engine.train.measuring import WORST_COUNT, evaluate, judge, layer_facts, predict
from engine.trainable.choice import build_net
from engine.trainable.net_settings import net_defaults


def test_confusion_and_accuracy_are_those_of_torchmetrics():
    drawn = torch.Generator().manual_seed(0)
    logits = torch.randn(200, 5, generator=drawn)
    targets = torch.randint(5, (200,), generator=drawn)
    found = judge(logits, targets, 5)
    expected = multiclass_confusion_matrix(logits, targets, 5)
    assert found.confusion == tuple(map(tuple, expected.tolist()))
    assert found.accuracy == pytest.approx((logits.argmax(1) == targets).double().mean().item())
    assert found.loss == pytest.approx(torch.nn.CrossEntropyLoss()(logits, targets).item())


def test_the_surest_mistakes_come_first_and_ties_by_index():
    logits = torch.tensor([[0.0, 2.0], [9.0, 0.0], [0.0, 5.0], [2.0, 0.0], [0.0, 2.0]])
    found = judge(logits, torch.tensor([0, 0, 0, 1, 0]), 2)
    assert [(m.index, m.target, m.predicted) for m in found.worst] == [
        (2, 0, 1),
        (0, 0, 1),
        (3, 1, 0),
        (4, 0, 1),
    ]
    assert found.worst[0].prob == pytest.approx(torch.sigmoid(torch.tensor(5.0)).item())
    assert len(judge(logits[[0] * 40], torch.zeros(40, dtype=torch.int64), 2).worst) == WORST_COUNT


def test_equal_logits_count_as_the_lower_class():
    found = judge(torch.zeros(2, 3), torch.tensor([0, 2]), 3)
    assert found.confusion == ((1, 0, 0), (0, 0, 0), (1, 0, 0))


def test_predicting_is_done_in_eval_mode_and_the_mode_put_back(digits: LearningData):
    net = build_net(net_defaults("small_vgg"), digits.input_shape, 10)
    logits = predict(net, digits.validation_images, digits.mean, digits.std)
    assert net.training
    one = predict(net.eval(), digits.validation_images[:1], digits.mean, digits.std)
    assert not net.training
    torch.testing.assert_close(logits[:1], one, rtol=1e-4, atol=1e-5)
    assert evaluate(net, digits).loss == pytest.approx(
        torch.nn.CrossEntropyLoss()(logits, digits.validation_targets).item(), rel=1e-5
    )


def test_layer_facts_hold_every_number_once(digits: LearningData):
    net = build_net(net_defaults("lenet"), digits.input_shape, 10)
    net.get_submodule("features.0").requires_grad_(False)
    found = layer_facts(net, digits, "cross_entropy")
    assert list(found) == [
        "features.0",
        "features.3",
        "classifier.1",
        "classifier.4",
        "classifier.7",
    ]
    frozen, first = found["features.0"], found["features.3"]
    assert frozen.gradients is None
    assert frozen.gradient_norm is None
    assert sum(first.weights.counts) == 16 * 6 * 25
    assert first.gradients is not None
    assert sum(first.gradients.counts) == 16 * 6 * 25
