"""Losses over answers, against formulas written on paper and torch's own modules."""

import pytest
import torch
from torch import nn

from engine.train.loss_curves import CASES, arrive, study_losses

ANSWERS = torch.linspace(-6, 6, 25)


def test_the_losses_of_a_class_are_those_of_two_probabilities():
    found = study_losses("class", ANSWERS, rate=1.0, steps=0)
    p = ANSWERS.double().sigmoid()
    expected = {
        "cross_entropy": (-p.log(), p - 1),
        "squared": ((1 - p) ** 2, -2 * (1 - p) ** 2 * p),
        "absolute": (1 - p, -p * (1 - p)),
    }
    for k, name in enumerate(found.names):
        loss, gradient = expected[name]
        torch.testing.assert_close(found.losses[k].double(), loss, rtol=1e-4, atol=1e-6)
        torch.testing.assert_close(found.gradients[k].double(), gradient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("name", "module"), [("squared", nn.MSELoss), ("absolute", nn.L1Loss)])
def test_the_losses_of_a_number_are_torchs(name: str, module: type[nn.Module]):
    found = study_losses("number", ANSWERS, rate=0.1, steps=0)
    k = found.names.index(name)
    oracle = torch.stack([module()(each, torch.tensor(0.0)) for each in ANSWERS])
    torch.testing.assert_close(found.losses[k], oracle)
    slope = 2 * ANSWERS if name == "squared" else ANSWERS.sign()
    torch.testing.assert_close(found.gradients[k], slope)


@pytest.mark.parametrize("case", CASES)
def test_each_answer_descends_by_itself(case: str):
    together = study_losses(case, ANSWERS, rate=0.5, steps=6)
    for i in (0, 7, 24):
        alone = study_losses(case, ANSWERS[i : i + 1], rate=0.5, steps=6)
        torch.testing.assert_close(alone.paths[:, 0], together.paths[:, i])
    first = together.answers - 0.5 * together.gradients
    torch.testing.assert_close(together.paths[:, :, 1], first)


def test_only_the_cross_entropy_gets_out_of_a_confident_mistake():
    found = study_losses("class", torch.tensor([-6.0]), rate=1.0, steps=100)
    arrivals = dict(zip(found.names, found.arrivals[:, 0].tolist(), strict=True))
    assert 0 < arrivals["cross_entropy"] < 10
    assert arrivals["squared"] == arrivals["absolute"] == -1


@pytest.mark.parametrize(
    ("right", "step"),
    [([True], 0), ([False], -1), ([True, False], -1), ([False, True], 1),
     ([True, False, True, True], 2), ([True, True, True], 0)],
)  # fmt: skip
def test_right_from_then_on(right: list[bool], step: int):
    assert arrive(torch.tensor([right])).tolist() == [step]
