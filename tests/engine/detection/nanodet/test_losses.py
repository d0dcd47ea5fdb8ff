"""NanoDet's losses against torchvision and torch, and their gradients against differences."""

import pytest
import torch
import torchvision
from torch.nn import functional as F

from engine.detection.nanodet.losses import (
    distribution_focal_loss,
    quality_focal_loss,
    weighted_losses,
)


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_with_whole_qualities_it_is_torchvisions_focal_loss() -> None:
    logits, wanted = drawn(40, 5), (drawn(40, 5, seed=1) > 1).double()
    found = quality_focal_loss(logits, wanted)
    oracle = torchvision.ops.sigmoid_focal_loss(logits, wanted, alpha=-1, gamma=2)
    torch.testing.assert_close(found, oracle, rtol=1e-10, atol=1e-12)


def test_nothing_is_lost_where_the_quality_is_said_and_more_the_farther_away() -> None:
    quality = torch.tensor([0.3], dtype=torch.float64)
    said = torch.tensor([0.3, 0.4, 0.6, 0.9], dtype=torch.float64)
    losses = quality_focal_loss(said.logit(), quality.expand(4)).tolist()
    assert losses[0] == pytest.approx(0, abs=1e-12)
    assert losses == sorted(losses)


def test_a_distance_is_a_cross_entropy_of_its_two_bins() -> None:
    logits, distances = drawn(30, 4, 11), torch.rand(30, 4, dtype=torch.float64) * 9.9
    bins = torch.arange(11, dtype=torch.float64)
    shares = (1 - (distances[..., None] - bins).abs()).clamp(min=0)  # a tent around the distance
    oracle = F.cross_entropy(logits.reshape(-1, 11), shares.reshape(-1, 11), reduction="none")
    found = distribution_focal_loss(logits, distances)
    torch.testing.assert_close(found.flatten(), oracle, rtol=1e-10, atol=1e-12)


def test_boxes_count_as_much_as_their_weights() -> None:
    boxes = torch.tensor([[0.0, 0, 10, 10], [5.0, 5, 20, 30]])
    truths = torch.tensor([[0.0, 0, 10, 10], [0.0, 0, 20, 20]])
    sides, distances = torch.zeros(2, 4, 11), torch.full((2, 4), 3.25)
    giou = torchvision.ops.generalized_box_iou_loss(boxes, truths)
    box, spread = weighted_losses(boxes, truths, sides, distances, torch.tensor([0.1, 0.3]))
    assert box.item() == pytest.approx((0.1 * giou[0] + 0.3 * giou[1]).item() / 0.4)
    assert spread.item() == pytest.approx(torch.tensor(11.0).log().item())


def test_gradients_are_right() -> None:
    logits, quality = drawn(6, 3).requires_grad_(), torch.rand(6, 3, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: quality_focal_loss(x, quality).sum(), logits)
    sides, distances = drawn(3, 4, 11).requires_grad_(), torch.rand(3, 4).double() * 9.9
    assert torch.autograd.gradcheck(lambda x: distribution_focal_loss(x, distances).sum(), sides)
