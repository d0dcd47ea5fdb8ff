"""Both losses, against torchvision's focal loss, torch's own, and sums written out."""

import pytest
import torch
from torch.nn import functional as F
from torchvision.ops import sigmoid_focal_loss

from engine.detection.detectnet.losses import COVERAGE_LOSSES, coverage_focal, grid_losses
from engine.detection.detectnet.targets import GridTargets, encode

SHAPE = (2, 3, 6, 6)


@pytest.fixture
def targets() -> GridTargets:
    """Two pictures, three objects, several covered cells."""
    rows = [[[0, 4, 4, 30, 30], [2, 28, 20, 46, 44]], [[1, 10, 10, 30, 40], [-1, 0, 0, 0, 0]]]
    return encode(torch.tensor(rows, dtype=torch.float32), 3, SHAPE[2:])


@pytest.fixture
def outputs() -> torch.Tensor:
    """Any answers."""
    return torch.randn(2, 7, 6, 6, generator=torch.Generator().manual_seed(0)) * 2


def test_focal_equals_torchvision(targets: GridTargets, outputs: torch.Tensor):
    logits, cells = outputs[:, :3], targets.covered.sum()
    expected = sigmoid_focal_loss(logits, targets.coverage, reduction="sum") / cells
    torch.testing.assert_close(coverage_focal(logits, targets.coverage, cells), expected)


def test_l2_and_l1_equal_torchs_own(targets: GridTargets, outputs: torch.Tensor):
    coverage, box = grid_losses(outputs, targets, "l2")
    cells = targets.covered.sum()
    said = outputs[:, :3].sigmoid()
    expected = F.mse_loss(said, targets.coverage, reduction="sum") / cells
    torch.testing.assert_close(coverage, expected)
    at = targets.covered[:, None].expand_as(targets.distances)
    expected = F.l1_loss(outputs[:, 3:][at], targets.distances[at], reduction="sum") / cells
    torch.testing.assert_close(box, expected)


@pytest.mark.parametrize("kind", COVERAGE_LOSSES)
def test_the_right_answers_cost_nothing(targets: GridTargets, kind: str):
    sure = (targets.coverage * 2 - 1) * 30
    coverage, box = grid_losses(torch.cat([sure, targets.distances], dim=1), targets, kind)
    assert coverage.item() == pytest.approx(0, abs=1e-6)
    assert box.item() == 0


@pytest.mark.parametrize("kind", COVERAGE_LOSSES)
def test_a_picture_without_objects_has_a_loss_and_no_box_loss(outputs: torch.Tensor, kind: str):
    coverage, box = grid_losses(outputs, encode(torch.zeros(2, 0, 5), 3, SHAPE[2:]), kind)
    assert coverage > 0
    assert box == 0


def test_boxes_of_cells_that_nothing_covers_have_no_gradient(
    targets: GridTargets, outputs: torch.Tensor
):
    outputs.requires_grad_()
    grid_losses(outputs, targets, "l2")[1].backward()
    assert outputs.grad is not None
    moved = outputs.grad[:, 3:].abs().sum(dim=1) > 0
    assert torch.equal(moved, targets.covered)
