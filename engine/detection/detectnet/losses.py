"""DetectNet's two losses, which are added: is something there, and where does it end.

Both are sums over the batch divided by its covered cells, so that neither grows with the size of
the grid nor with the number of objects. (DetectNet in Caffe divides by twice the pictures.)

Sources: Tao, Barker, Sarathy 2016 (L2 of the coverage, L1 of the boxes where there is one, the
latter weighted); Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017.
"""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional as F

from engine.detection.detectnet.targets import GridTargets

FOCAL_ALPHA, FOCAL_GAMMA = 0.25, 2.0


def coverage_l2(logits: Tensor, coverage: Tensor, cells: Tensor) -> Tensor:
    """Squared difference between the coverage said and the true one, a covered cell.

    Args:
        logits: float32 (N, classes, h, w).
        coverage: float32, the same shape, 0 or 1.
        cells: number of covered cells, a scalar >= 1.

    Returns:
        A scalar >= 0.
    """
    return (logits.sigmoid() - coverage).square().sum() / cells


def coverage_focal(logits: Tensor, coverage: Tensor, cells: Tensor) -> Tensor:
    """The focal loss, a covered cell: cross-entropy, made small where the answer is nearly right.

    Thousands of easy cells of ground would otherwise outweigh the few that are hard.

    Args:
        logits, coverage, cells: as for :func:`coverage_l2`.
    """
    entropy = F.binary_cross_entropy_with_logits(logits, coverage, reduction="none")
    is_covered = coverage == 1
    said = logits.sigmoid()
    wrong = said.where(~is_covered, 1 - said)
    alpha = coverage * FOCAL_ALPHA + (1 - coverage) * (1 - FOCAL_ALPHA)
    return (alpha * wrong**FOCAL_GAMMA * entropy).sum() / cells


def box_l1(distances: Tensor, targets: GridTargets, cells: Tensor) -> Tensor:
    """Sum of the four absolute errors, a covered cell; other cells may say what they like.

    Args:
        distances: float32 (N, 4, h, w), in ``DISTANCE_UNIT_PX``.
        targets: the truth.
        cells: number of covered cells, a scalar >= 1.
    """
    errors = (distances - targets.distances).abs()
    return errors.where(targets.covered[:, None], 0.0).sum() / cells


COVERAGE_LOSSES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "l2": coverage_l2,
    "focal": coverage_focal,
}


def grid_losses(outputs: Tensor, targets: GridTargets, coverage_loss: str) -> tuple[Tensor, Tensor]:
    """Loss of the coverage and loss of the boxes, unweighted.

    Args:
        outputs: float32 (N, classes + 4, h, w), a :class:`DetectNet`'s.
        targets: the truth.
        coverage_loss: a name in :data:`COVERAGE_LOSSES`.
    """
    classes = targets.coverage.shape[1]
    cells = targets.covered.sum().clamp(min=1)
    coverage = COVERAGE_LOSSES[coverage_loss](outputs[:, :classes], targets.coverage, cells)
    return coverage, box_l1(outputs[:, classes:], targets, cells)
