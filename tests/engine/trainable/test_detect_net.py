"""DetectNet's shape: any picture of whole cells, and as much of it in sight as it says."""

import pytest
import torch

from engine.trainable.detect_net import STRIDE_PX, DetectNet


@pytest.mark.parametrize(
    ("size", "grid"), [((8, 8), (1, 1)), ((96, 96), (12, 12)), ((16, 40), (2, 5))]
)
def test_one_answer_a_cell(size: tuple[int, int], grid: tuple[int, int]):
    net = DetectNet((3, *size), 5, width=4).eval()
    assert net(torch.zeros(2, 3, *size)).shape == (2, 5 + 4, *grid)


def test_a_cell_sees_49_pixels_around_its_centre_and_no_others():
    torch.manual_seed(0)
    net = DetectNet((1, 104, 104), 1, width=4).eval()
    picture = torch.randn(1, 1, 104, 104, requires_grad=True)
    net(picture)[0, :, 6, 6].sum().backward()
    assert picture.grad is not None
    seen = picture.grad[0, 0].abs().sum(dim=0).nonzero()[:, 0]
    centre = 6 * STRIDE_PX  # the convolutions' own centre is the cell's first pixel
    assert (seen.min(), seen.max()) == (centre - 24, centre + 24)


def test_at_first_few_cells_are_covered():
    torch.manual_seed(0)
    net = DetectNet((3, 64, 64), 3)
    assert net(torch.randn(4, 3, 64, 64))[:, :3].sigmoid().mean() < 0.1
