"""One disorder for all pictures: a permutation, and what a network makes of it."""

from math import prod

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from engine.data.datasets import load_digits
from engine.errors import InputError
from engine.train.feeding import load_learning_data
from engine.train.pixel_order import draw_pixel_order, reorder_columns, reorder_pixels
from engine.train.settings import DataSettings, RunSettings
from engine.trainable.mlp import MLP

SIDES = st.integers(1, 12)


@given(SIDES, SIDES, st.integers(0, 9), st.floats(0, 1))
def test_a_share_of_the_pixels_changes_places(height: int, width: int, seed: int, share: float):
    order = draw_pixel_order((height, width), seed, share)
    count = height * width
    assert order.sort().values.tolist() == list(range(count))
    moved = round(share * count)
    assert (order != torch.arange(count)).sum() == (moved if moved > 1 else 0)


def test_a_little_more_shuffling_moves_a_few_pixels_more():
    one, other = (draw_pixel_order((20, 20), 0, share) for share in (0.5, 0.51))
    assert (one != other).sum() == 4 + 1  # four more places, and one whose neighbour was the end


def test_another_seed_is_another_order():
    assert not torch.equal(draw_pixel_order((9, 9), 0), draw_pixel_order((9, 9), 1))


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_out_of_range_is_refused(share: float):
    with pytest.raises(InputError, match="share"):
        draw_pixel_order((4, 4), 0, share)


@pytest.mark.parametrize("size", [(1, 1), (5, 3)])
@pytest.mark.parametrize("lead", [(), (3,), (2, 3)])
def test_pixels_are_taken_as_numpy_takes_them(lead: tuple[int, ...], size: tuple[int, int]):
    images = torch.arange(prod([*lead, *size])).view(*lead, *size)
    order = draw_pixel_order(size, 4)
    flat = images.numpy().reshape(*lead, -1)
    expected = np.take(flat, order.numpy(), axis=-1).reshape(images.shape)
    np.testing.assert_array_equal(reorder_pixels(images, order).numpy(), expected)


def test_an_mlp_with_its_columns_reordered_says_exactly_the_same():
    """Whole numbers, so that no sum is rounded whatever its order."""
    torch.manual_seed(0)
    images = torch.randint(0, 256, (5, 3, 6, 7)).float()
    order = draw_pixel_order((6, 7), 1)
    net, twin = (MLP((3, 6, 7), 4, depth=3, width=8) for _ in range(2))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.randint(-2, 3, parameter.shape))
        twin.load_state_dict(net.state_dict())
        weights = twin.state_dict()
        first = "hidden.0.linear.weight"
        weights[first] = reorder_columns(weights[first], 3, order)
        twin.load_state_dict(weights)
        assert torch.equal(twin(reorder_pixels(images, order)), net(images))
        assert not torch.equal(net(reorder_pixels(images, order)), net(images))


def test_no_kernel_undoes_it_for_a_convolution():
    """The best 3×3 kernel, found by least squares, cannot give the shuffled picture's edge map."""
    torch.manual_seed(0)
    image = load_digits().images[:1, ..., 0][None].double()
    order = draw_pixel_order((8, 8), 0)
    sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).double()[None, None]
    wanted = reorder_pixels(F.conv2d(image, sobel, padding=1), order).flatten()
    patches = F.unfold(reorder_pixels(image, order), 3, padding=1)[0].T
    found = torch.linalg.lstsq(patches, wanted).solution
    assert (patches @ found - wanted).norm() > 0.5 * wanted.norm()


def test_training_and_validation_share_the_order_and_their_labels_stay():
    plain = RunSettings(data=DataSettings("digits", per_class=10), seed=5)
    shuffled = RunSettings(data=DataSettings("digits", per_class=10, pixel_shuffle=True), seed=5)
    data = load_digits()
    one, other = load_learning_data(plain, data), load_learning_data(shuffled, data)
    order = draw_pixel_order((8, 8), 5)
    assert torch.equal(other.train_images, reorder_pixels(one.train_images, order))
    assert torch.equal(other.validation_images, reorder_pixels(one.validation_images, order))
    assert torch.equal(other.train_targets, one.train_targets)
    assert torch.equal(other.validation_targets, one.validation_targets)
    torch.testing.assert_close((other.mean, other.std), (one.mean, one.std), rtol=0, atol=0)
