"""Saves upon saves, against Pillow by hand."""

import io

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio

from engine.codecs.generations import save_again
from engine.pictures import sample

CAT = sample("chelsea").pixels


def by_hand(pixels: np.ndarray, quality: int) -> np.ndarray:
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "JPEG", quality=quality, subsampling="4:2:0")
    with Image.open(data) as image:
        return np.array(image)


def test_each_save_is_of_what_the_last_one_left() -> None:
    first, second = save_again(CAT, 60, "quality", 2)
    np.testing.assert_array_equal(first.pixels, by_hand(CAT, 60))
    np.testing.assert_array_equal(second.pixels, by_hand(first.pixels, 50))
    assert second.psnr_db == pytest.approx(peak_signal_noise_ratio(CAT, second.pixels))


def test_a_crop_moves_the_blocks() -> None:
    first, second = save_again(CAT, 60, "crop", 2)
    cut = np.ascontiguousarray(first.pixels[1:, 1:])
    np.testing.assert_array_equal(second.pixels, by_hand(cut, 60))
    assert second.psnr_db == pytest.approx(peak_signal_noise_ratio(CAT[1:, 1:], second.pixels))


def test_the_same_save_soon_changes_little_and_a_crop_goes_on() -> None:
    """What the page says of its first state."""
    same, cropped = (save_again(CAT, 75, between, 10) for between in ("nothing", "crop"))
    assert same[9].changed < 0.1 < same[0].changed
    assert same[0].psnr_db - same[9].psnr_db < cropped[0].psnr_db - cropped[9].psnr_db


def test_one_pixel_can_be_saved_again() -> None:
    assert [each.pixels.shape for each in save_again(CAT[:1, :1], 50, "crop", 3)] == [(1, 1, 3)] * 3
