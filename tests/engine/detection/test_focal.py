"""Focal loss, held against torchvision's, and who carries it."""

import pytest
import torch
from torchvision.ops import sigmoid_focal_loss

from engine.detection.focal import ALPHA, focal_loss, loss_shares

SEED = torch.Generator().manual_seed(0)
LOGITS = 6 * torch.randn(400, 3, generator=SEED)
TRUTHS = (torch.rand(400, 3, generator=SEED) < 0.1).float()


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("alpha", [0.25, 0.5, 1.0])
def test_the_loss_is_torchvisions(gamma: float, alpha: float) -> None:
    theirs = sigmoid_focal_loss(LOGITS, TRUTHS, alpha, gamma)
    torch.testing.assert_close(focal_loss(LOGITS, TRUTHS, gamma, alpha), theirs, atol=1e-5, rtol=0)


def test_sure_answers_have_a_loss_that_does_not_vanish_into_nothing() -> None:
    logits = torch.tensor([30.0, -30.0, 200.0, -200.0], dtype=torch.float64)
    loss = focal_loss(logits, torch.tensor([1.0, 1, 1, 1]), 2)
    assert 0 < loss[0] < 1e-30
    assert loss[1] == pytest.approx(ALPHA * 30, rel=1e-5)
    assert loss[3] == pytest.approx(ALPHA * 200, rel=1e-5)
    assert loss.isfinite().all()


def test_gradients_are_torchvisions() -> None:
    ours, theirs = (LOGITS.clone().requires_grad_() for _ in range(2))
    focal_loss(ours, TRUTHS, 2.0).sum().backward()
    sigmoid_focal_loss(theirs, TRUTHS, ALPHA, 2.0, reduction="sum").backward()
    torch.testing.assert_close(ours.grad, theirs.grad, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_bins_share_what_there_is(gamma: float) -> None:
    shares = loss_shares(LOGITS, TRUTHS, gamma, bins=5)
    every = sigmoid_focal_loss(LOGITS.double(), TRUTHS.double(), ALPHA, gamma)
    p = torch.where(TRUTHS == 1, LOGITS, -LOGITS).sigmoid()
    for k in range(5):
        within = (p >= k / 5) & ((p < (k + 1) / 5) | (k == 4))
        assert shares.answers[k] == pytest.approx(within.float().mean().item(), abs=1e-6)
        assert shares.loss[k] == pytest.approx((every[within].sum() / every.sum()).item(), abs=1e-6)
    assert shares.total == pytest.approx(every.sum().item(), rel=1e-6)
    of_yes = every[TRUTHS == 1].sum() / every.sum()
    assert shares.yes_loss == pytest.approx(of_yes.item(), rel=1e-6)


def test_more_gamma_takes_from_the_easy_ones() -> None:
    easy = [loss_shares(LOGITS, TRUTHS, gamma).loss[-1] for gamma in (0, 1, 2, 5)]
    assert easy == sorted(easy, reverse=True)


def test_nothing_at_all_is_no_loss() -> None:
    shares = loss_shares(torch.zeros(0), torch.zeros(0), 2)
    assert shares.total == 0
    assert shares.loss.tolist() == [0] * 10
