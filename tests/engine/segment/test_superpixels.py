"""Superpixels: pieces cover the picture, their colours are means, their sliders do as they say."""

import numpy as np
import pytest
from skimage.segmentation import felzenszwalb, find_boundaries

from engine.data.panoptic_scenes import PanopticSettings, draw_panoptic_scene
from engine.errors import InputError
from engine.segment.superpixels import Superpixels, cluster_pixels, merge_regions

SCENE = draw_panoptic_scene(0, 3, PanopticSettings())


@pytest.mark.parametrize("made", [merge_regions(SCENE.pixels), cluster_pixels(SCENE.pixels)])
def test_pieces_cover_the_picture_and_have_their_mean_colour(made: Superpixels):
    assert made.labels.shape == (96, 96)
    assert set(np.unique(made.labels)) == set(range(made.count))
    np.testing.assert_array_equal(made.boundaries, find_boundaries(made.labels))
    for label in range(made.count):
        mask = made.labels == label
        mean = SCENE.pixels[mask].mean(axis=0)
        assert np.abs(made.colours[mask] - mean).max() <= 0.5 + 1e-9


def test_regions_are_scikit_images():
    theirs = felzenszwalb(SCENE.pixels, scale=100, sigma=0.8, min_size=20)
    mine = merge_regions(SCENE.pixels)
    pairs = np.unique(np.stack([theirs.ravel(), mine.labels.ravel()]), axis=1)
    assert pairs.shape[1] == mine.count == len(np.unique(theirs))
    assert np.bincount(mine.labels.ravel()).min() >= 20


def test_sliders_do_as_they_say():
    counts = [merge_regions(SCENE.pixels, scale=scale).count for scale in (30, 300, 3000)]
    assert counts[0] > counts[1] > counts[2]
    few, many = (cluster_pixels(SCENE.pixels, wanted).count for wanted in (20, 200))
    assert few < 40 < many


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (40, 1)])
def test_tiny_pictures(size: tuple[int, int]):
    pixels = np.full((*size, 3), 90, np.uint8)
    for made in (merge_regions(pixels), cluster_pixels(pixels, 2)):
        assert made.labels.shape == size
        assert (made.colours == 90).all()


@pytest.mark.parametrize(
    ("make", "changed"),
    [
        (merge_regions, {"scale": 0}),
        (merge_regions, {"sigma": float("nan")}),
        (merge_regions, {"least_px": 0}),
        (cluster_pixels, {"wanted": 1}),
        (cluster_pixels, {"compactness": 0}),
    ],
)
def test_values_out_of_range_are_a_sentence(make, changed: dict[str, float]):
    with pytest.raises(InputError, match=next(iter(changed))):
        make(SCENE.pixels, **changed)


def test_what_is_no_picture_is_refused():
    for make in (merge_regions, cluster_pixels):
        with pytest.raises(ValueError, match="uint8"):
            make(np.zeros((4, 4), np.uint8))
