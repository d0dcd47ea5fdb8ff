"""First regions and what is measured of each, held against scikit-image and SciPy."""

import numpy as np
import pytest
from scipy import ndimage
from skimage import graph
from skimage.measure import label as in_one_piece
from skimage.measure import regionprops
from skimage.segmentation import felzenszwalb

from engine.detection.selective_search.colour_spaces import to_colour_space
from engine.detection.selective_search.regions import (
    MOST_REGIONS,
    describe_regions,
    directed_derivatives,
    first_regions,
)
from engine.errors import InputError
from engine.pictures import resize_longest
from engine.pictures.samples import sample
from tests.engine.detection.selective_search.slow_grouping import histogram

PIXELS = resize_longest(sample("coffee").pixels, 120)
CHANNELS = to_colour_space(PIXELS, "lab")
LABELS = first_regions(CHANNELS, 100)


def test_the_first_regions_are_scikit_images() -> None:
    theirs = felzenszwalb(CHANNELS, scale=100, sigma=0.8, min_size=20)
    np.testing.assert_array_equal(LABELS, theirs)
    assert LABELS.dtype == np.int32
    for each in range(int(LABELS.max()) + 1):
        pieces = np.asarray(in_one_piece(each == LABELS, connectivity=2))
        assert np.unique(pieces).tolist() == [0, 1]


def test_sizes_and_boxes_are_scikit_images() -> None:
    found = describe_regions(LABELS, CHANNELS)
    for each in regionprops(LABELS + 1):
        top, left, bottom, right = each.bbox
        assert found.boxes[each.label - 1].tolist() == [left, top, right, bottom]
        assert found.sizes_px[each.label - 1] == each.area
    assert len(found) == LABELS.max() + 1


def test_neighbours_are_scikit_images() -> None:
    theirs = graph.RAG(LABELS, connectivity=2)
    wanted = sorted((min(pair), max(pair)) for pair in theirs.edges)
    assert describe_regions(LABELS, CHANNELS).pairs.tolist() == [list(pair) for pair in wanted]


def test_derivatives_are_scipys_turned_and_cut_at_0() -> None:
    doubles = CHANNELS.astype(np.float64)
    gaussian = {"sigma": 1, "mode": "mirror", "radius": 4}
    smooth = [ndimage.gaussian_filter1d(doubles, axis=axis, **gaussian) for axis in (0, 1)]
    down = ndimage.gaussian_filter1d(smooth[1], axis=0, order=1, **gaussian)
    across = ndimage.gaussian_filter1d(smooth[0], axis=1, order=1, **gaussian)
    found = directed_derivatives(CHANNELS)
    for step in range(8):
        turned = across * np.cos(step * np.pi / 4) + down * np.sin(step * np.pi / 4)
        wanted = np.maximum(turned, 0) * np.sqrt(2 * np.pi)
        np.testing.assert_allclose(found[:, :, 3 * step : 3 * step + 3], wanted, atol=1e-5)
    assert found.max() <= 1


def test_histograms_are_counted_pixel_by_pixel() -> None:
    found = describe_regions(LABELS, CHANNELS)
    steep = directed_derivatives(CHANNELS)
    assert found.colours.shape == (len(found), 75)
    assert found.textures.shape == (len(found), 240)
    for each in range(len(found)):
        inside = each == LABELS
        np.testing.assert_allclose(found.colours[each], histogram(CHANNELS[inside], 25))
        np.testing.assert_allclose(found.textures[each], histogram(steep[inside], 10))


def test_a_step_answers_in_its_own_direction_only() -> None:
    step = np.zeros((20, 20, 1), np.float32)
    step[:, 10:] = 1
    found = describe_regions(np.zeros((20, 20), np.int32), step).textures[0].reshape(8, 10)
    assert found[0, 5:].sum() > 0  # rises to the right
    assert found[2, 1:].sum() == 0  # not downwards
    assert found[4, 1:].sum() == 0  # and falls to the left
    np.testing.assert_allclose(found.sum(axis=1), 1 / 8)


def test_a_picture_of_islands_has_no_more_regions_than_stated() -> None:
    rng = np.random.default_rng(0)
    noise = rng.random((320, 320, 3), np.float32)
    islands = np.kron(rng.random((64, 64, 3), np.float32), np.ones((5, 5, 1), np.float32))
    for each in (noise, islands):
        labels = first_regions(each, 1)
        assert 1 < labels.max() + 1 <= MOST_REGIONS


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (2, 2)])
def test_the_smallest_pictures_have_regions_too(size) -> None:
    channels = np.random.default_rng(1).random((*size, 1), np.float32)
    found = describe_regions(first_regions(channels, 100), channels)
    assert found.sizes_px.sum() == size[0] * size[1]
    assert found.colours.shape[1] == 25


@pytest.mark.parametrize("scale", [0, 10_001, float("nan")])
def test_a_scale_out_of_range_is_refused(scale) -> None:
    with pytest.raises(InputError, match="10"):
        first_regions(CHANNELS, scale)
