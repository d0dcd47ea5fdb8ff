"""Colours through a file's own profile, against the formulas of the colour spaces."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms
from skimage.color import lab2rgb

from engine.pictures import Decoded, decode
from engine.pictures.colour_profile import MAX_PROFILE_BYTES
from tests.engine.pictures.icc_profiles import (
    black_ink_profile,
    grey_profile,
    make_profile,
    matrix_profile,
)

AsFile = Callable[..., bytes]
# XYZ under D50 of the primaries (Lindbloom, Bradford-adapted), columns red, green, blue.
ADOBE_RGB = np.array(
    [
        [0.6097559, 0.2052401, 0.1492240],
        [0.3111242, 0.6256560, 0.0632197],
        [0.0194811, 0.0608902, 0.7448387],
    ]
)
SRGB = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)


def encode_srgb(linear: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1, 0 to 255."""
    linear = np.clip(linear, 0, 1)
    bent = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return 255 * bent


def keys(decoded: Decoded) -> list[str]:
    return [note.key for note in decoded.notes]


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WebP"])
def test_adobe_rgb(file_format: str, as_file: AsFile) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (16, 16, 3), np.uint8)
    profile = matrix_profile(ADOBE_RGB, 563 / 256)
    decoded = decode(as_file(pixels, file_format.upper(), icc_profile=profile, lossless=True))
    linear = (pixels / 255) ** (563 / 256) @ (np.linalg.inv(SRGB) @ ADOBE_RGB).T
    assert np.abs(decoded.pixels - encode_srgb(linear)).max() < 2.5
    (note,) = decoded.notes
    assert (note.key, dict(note.params)) == ("colours_converted", {"profile": "made by a test"})


def test_a_profile_of_srgb_changes_nothing_and_is_not_told(
    noise: np.ndarray, as_file: AsFile
) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    decoded = decode(as_file(noise, "PNG", icc_profile=profile))
    np.testing.assert_array_equal(decoded.pixels, noise)
    assert decoded.notes == ()


def test_greys(as_file: AsFile) -> None:
    ramp = np.arange(256, dtype=np.uint8)[None].repeat(3, axis=0)
    decoded = decode(as_file(ramp, "PNG", icc_profile=grey_profile(1.0)))
    expected = encode_srgb(ramp / 255)
    assert np.abs(decoded.pixels[:, :, 1] - expected).max() < 1
    assert (decoded.pixels == decoded.pixels[:, :, :1]).all()
    assert keys(decoded) == ["colours_converted"]


def test_inks(as_file: AsFile) -> None:
    """Half black is L* = 50 by the profile; without it, it would be half of white."""
    half = Image.new("CMYK", (8, 8), (0, 0, 0, 128))
    options = {"icc_profile": black_ink_profile()}
    decoded = decode(as_file(half, "TIFF", **options))
    expected = 255 * lab2rgb(np.array([[[50.0, 0, 0]]]))[0, 0]
    assert np.abs(decoded.pixels - expected).max() < 2
    assert keys(decoded) == ["colours_converted"]


def test_deep_numbers_have_profiles_too(as_file: AsFile) -> None:
    values = np.linspace(0, 1, 16, dtype=np.float32)[None]
    data = as_file(values, "TIFF", icc_profile=grey_profile(1.0))
    decoded = decode(data)
    assert np.abs(decoded.pixels[0, :, 0] - encode_srgb(values[0]))[1:].max() < 2


@pytest.mark.parametrize(
    "profile",
    [
        b"no profile at all",
        make_profile(b"GRAY", {}),
        black_ink_profile(),  # inks for a picture that has none
        make_profile(b"RGB ", {}, kind=b"link"),
        grey_profile(2.2)[:200],
        grey_profile(2.2) + bytes(MAX_PROFILE_BYTES),
    ],
    ids=["words", "empty", "inks", "link", "cut short", "huge"],
)
def test_a_profile_that_cannot_be_used_is_told(
    profile: bytes, noise: np.ndarray, as_file: AsFile
) -> None:
    file = io.BytesIO(as_file(noise, "TIFF", icc_profile=profile))
    decoded = decode(file.getvalue())
    np.testing.assert_array_equal(decoded.pixels, noise)
    assert keys(decoded) == ["profile_unusable"]


def test_a_profiles_name_is_one_line(noise: np.ndarray, as_file: AsFile) -> None:
    profile = matrix_profile(ADOBE_RGB, 2.2).replace(b"made by a test", b"<b>\n![x](y)\x1bab")
    (note,) = decode(as_file(noise, "TIFF", icc_profile=profile)).notes
    assert note.params == {"profile": "<b>![x](y)ab"}
