"""Encodes against Pillow's own calls, PSNR and SSIM against scikit-image."""

import io
import math

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from engine.codecs import encoders
from engine.codecs.encoders import available_forms, encode, measure
from engine.codecs.likeness import ssim
from engine.codecs.subjects import MOST_PIXELS, SUBJECTS, subject_pixels, within_limit
from engine.errors import InputError
from engine.pictures import sample

PHOTO = sample("chelsea").pixels[40:160, 100:281]
CALLS = {
    "jpeg": {"quality": 20, "subsampling": "4:2:0"},
    "webp": {"quality": 20, "method": 2},
    "avif": {"quality": 20, "speed": 10},
    "png": {"compress_level": 6},
}


@pytest.mark.parametrize("form", available_forms())
def test_bytes_and_errors_are_those_of_the_same_call(form: str) -> None:
    buffer = io.BytesIO()
    Image.fromarray(PHOTO).save(buffer, form.upper(), **CALLS[form])
    with Image.open(buffer) as image:
        back = np.array(image.convert("RGB"))
    found = measure(PHOTO, form, 20)
    assert found.file_bytes == len(buffer.getvalue())
    assert found.bits_per_pixel == 8 * found.file_bytes / (PHOTO.shape[0] * PHOTO.shape[1])
    np.testing.assert_array_equal(found.pixels, back)
    np.testing.assert_array_equal(found.error, np.abs(PHOTO.astype(int) - back).max(axis=2))
    if form == "png":
        assert (found.psnr_db, found.ssim, found.error.max()) == (math.inf, 1, 0)
        return
    assert found.psnr_db == pytest.approx(peak_signal_noise_ratio(PHOTO, back), abs=1e-9)
    wanted = structural_similarity(PHOTO, back, channel_axis=2, data_range=255)
    assert found.ssim == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("size", [(3, 9), (5, 5), (6, 40), (7, 7), (64, 33)])
def test_likeness_of_small_pictures(size: tuple[int, int]) -> None:
    drawn = np.random.default_rng(0)
    first, second = drawn.integers(0, 256, (2, *size, 3), dtype=np.uint8)
    side = min(7, (min(size) - 1) // 2 * 2 + 1)
    for other in (second, 255 - first, first):
        wanted = structural_similarity(first, other, channel_axis=2, data_range=255, win_size=side)
        assert ssim(first, other) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (2, 50), (50, 2)])
def test_a_picture_without_a_window_has_no_likeness(size: tuple[int, int]) -> None:
    assert ssim(np.zeros((*size, 3), np.uint8), np.zeros((*size, 3), np.uint8)) is None


@pytest.mark.parametrize("form", available_forms())
def test_one_pixel_is_a_picture(form: str) -> None:
    found = measure(PHOTO[:1, :1], form, 50)
    assert found.pixels.shape == (1, 1, 3)
    assert found.ssim is None


@pytest.mark.parametrize(("form", "quality"), [("jpeg", 0), ("jpeg", 101), ("gif", 50)])
def test_what_cannot_be_written_is_refused(form: str, quality: int) -> None:
    with pytest.raises(InputError):
        encode(PHOTO, form, quality)


def test_avif_is_offered_only_where_pillow_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders.features, "check", lambda _: False)
    assert available_forms() == ("jpeg", "webp", "png")
    with pytest.raises(InputError, match="form"):
        encode(PHOTO, "avif", 50)


def test_subjects_are_small_enough_and_differ() -> None:
    seen = [subject_pixels(name, PHOTO) for name in SUBJECTS]
    assert all(each.dtype == np.uint8 and each.shape[2] == 3 for each in seen)
    assert len(np.unique(seen[1].reshape(-1, 3), axis=0)) < 10  # a drawing: few colours
    assert len({each.tobytes() for each in seen}) == len(SUBJECTS)
    large = within_limit(np.zeros((3000, 20, 3), np.uint8))
    assert large.shape == (3000, 20, 3)
    height, width = within_limit(np.zeros((900, 1800, 3), np.uint8)).shape[:2]
    assert 0.95 * MOST_PIXELS < height * width <= MOST_PIXELS
