"""One window's feature maps: from its crop, and cut from the pass over the picture."""

import pytest
import torch

from engine.detection.dense_to_conv import FullyConvolutional, to_convolutional
from engine.detection.window_maps import maps_of_window
from engine.detection.windows import Grid
from engine.errors import InputError
from engine.trainable.window_net import WindowNet

GRID = Grid((50, 61), (32, 32), 1)


def picture() -> torch.Tensor:
    return torch.rand(3, 50, 61, generator=torch.Generator().manual_seed(0))


def turned(padding: int) -> FullyConvolutional:
    torch.manual_seed(1)
    return to_convolutional(WindowNet((3, 32, 32), 4, width=4, padding=padding), (3, 32, 32))


@pytest.mark.parametrize("place", [(0, 0), (3, 5), (7, 18), (18, 29)])
def test_a_valid_net_sees_the_same_both_ways(place: tuple[int, int]) -> None:
    maps = maps_of_window(turned(0), picture(), GRID, *place)
    assert maps.alone.shape == (8, 5, 5)
    torch.testing.assert_close(maps.alone, maps.within, atol=1e-5, rtol=1e-5)
    assert maps.size > 0.01


@pytest.mark.parametrize("place", [(9, 14), (8, 16)])
def test_a_padded_net_sees_zeros_around_the_crop_and_agrees_in_the_middle(
    place: tuple[int, int],
) -> None:
    maps = maps_of_window(turned(2), picture(), GRID, *place)
    assert maps.apart.shape == (8, 8)
    border = torch.ones(8, 8, dtype=torch.bool)
    border[1:-1, 1:-1] = False
    assert float(maps.apart[border].min()) > 1e-4
    assert float(maps.apart[3:5, 3:5].max()) < 1e-5


def test_at_the_corner_of_the_picture_both_see_the_same_zeros() -> None:
    maps = maps_of_window(turned(2), picture(), GRID, 0, 0)
    assert float(maps.apart[:5, :5].max()) < 1e-5
    assert float(maps.apart[7, 7]) > 1e-4


def test_there_is_no_window_beyond_the_grid() -> None:
    with pytest.raises(InputError, match="row"):
        maps_of_window(turned(0), picture(), GRID, 19, 0)
