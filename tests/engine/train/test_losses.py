"""Losses and their gradients against torch.nn's."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from engine.train.losses import LOSSES, absolute, cross_entropy, squared


def expected(name: str, logits: Tensor, targets: Tensor) -> Tensor:
    if name == "cross_entropy":
        return nn.CrossEntropyLoss()(logits, targets)
    truth = nn.functional.one_hot(targets, logits.shape[1]).to(logits)
    oracle = nn.MSELoss() if name == "squared" else nn.L1Loss()
    return oracle(logits.softmax(dim=1), truth)


WRITTEN_OUT = {"cross_entropy": cross_entropy, "squared": squared, "absolute": absolute}


@pytest.mark.parametrize("losses", [WRITTEN_OUT, LOSSES], ids=["written out", "in training"])
@pytest.mark.parametrize("name", LOSSES)
@given(
    seed=st.integers(0, 2**16),
    count=st.integers(1, 9),
    classes=st.integers(2, 12),
    scale=st.sampled_from([0.1, 1.0, 30.0]),
)
def test_losses_and_gradients_are_those_of_torch(
    name: str, losses: dict, seed: int, count: int, classes: int, scale: float
):
    drawn = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, classes, generator=drawn, dtype=torch.float64) * scale
    targets = torch.randint(classes, (count,), generator=drawn)
    ours, theirs = logits.clone().requires_grad_(), logits.clone().requires_grad_()
    loss, oracle = losses[name](ours, targets), expected(name, theirs, targets)
    torch.testing.assert_close(loss, oracle)
    loss.backward()
    oracle.backward()
    torch.testing.assert_close(ours.grad, theirs.grad)


def test_a_sure_right_answer_costs_nothing_and_a_sure_wrong_one_most():
    logits, right, wrong = torch.tensor([[1000.0, 0.0]]), torch.tensor([0]), torch.tensor([1])
    for loss in (cross_entropy, squared, absolute):
        assert loss(logits, right).item() == 0
    assert squared(logits, wrong).item() == absolute(logits, wrong).item() == 1.0
    assert cross_entropy(logits, wrong).item() == 1000.0
