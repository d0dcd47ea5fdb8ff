"""Every pixel layout ends as RGB on white with 8 bits a channel, and the notes say how."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from engine.pictures import Decoded, decode

AsFile = Callable[..., bytes]
WHITE = [255, 255, 255]


def note_keys(decoded: Decoded) -> list[str]:
    return [note.key for note in decoded.notes]


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_and_not_clipped(file_format: str, as_file: AsFile) -> None:
    values = np.array([[0, 128, 129, 257, 32768, 65406, 65407, 65535]], np.uint16)
    decoded = decode(as_file(values, file_format))
    expected = np.rint(values / 65535 * 255).astype(np.uint8)
    np.testing.assert_array_equal(decoded.pixels, np.repeat(expected[:, :, None], 3, axis=2))
    assert note_keys(decoded) == ["sixteen_bit"]


def test_16_bit_tiff_with_white_as_zero_is_not_a_negative(as_file: AsFile) -> None:
    values = np.array([[0, 65535]], np.uint16)
    white_is_zero = {262: 0}
    decoded = decode(as_file(values, "TIFF", tiffinfo=white_is_zero))
    assert decoded.pixels[0, :, 0].tolist() == [255, 0]


def test_16_bit_transparent_value_lies_on_white(as_file: AsFile) -> None:
    decoded = decode(as_file(np.array([[300, 65535, 0]], np.uint16), "PNG", transparency=300))
    assert decoded.pixels[0, :, 0].tolist() == [255, 255, 0]
    assert note_keys(decoded) == ["sixteen_bit", "laid_on_white"]


def test_16_bit_colour_is_noted(noise: np.ndarray) -> None:
    import cv2

    deep = noise[:, :, ::-1].astype(np.uint16) * 257
    written, data = cv2.imencode(".png", deep)
    assert written
    decoded = decode(data.tobytes())
    np.testing.assert_array_equal(decoded.pixels, noise)
    assert note_keys(decoded) == ["sixteen_bit"]


@pytest.mark.parametrize(
    ("values", "expected", "keys"),
    [
        ([[0.0, 0.5, 1.0]], [0, 128, 255], []),
        ([[0.0, 100.4, 255.0]], [0, 100, 255], []),
        ([[-1.0, 0.0, 1.0]], [0, 128, 255], ["stretched"]),
        ([[7e5, 7e5, 7e5]], [0, 0, 0], ["stretched"]),
    ],
)
def test_finite_floats_are_shown(
    values: list[list[float]], expected: list[int], keys: list[str], as_file: AsFile
) -> None:
    decoded = decode(as_file(np.array(values, np.float32), "TIFF"))
    assert decoded.pixels[0, :, 1].tolist() == expected
    assert note_keys(decoded) == keys


def test_32_bit_integers_are_stretched_and_noted(as_file: AsFile) -> None:
    decoded = decode(as_file(np.array([[-1000, 0, 1000]], np.int32), "TIFF"))
    assert decoded.pixels[0, :, 2].tolist() == [0, 128, 255]
    (note,) = decoded.notes
    assert (note.key, dict(note.params)) == ("stretched", {"low": "-1000", "high": "1000"})


def test_grey_becomes_three_equal_channels(noise: np.ndarray, as_file: AsFile) -> None:
    decoded = decode(as_file(noise[:, :, 0], "PNG"))
    np.testing.assert_array_equal(decoded.pixels, np.repeat(noise[:, :, :1], 3, axis=2))


@pytest.mark.parametrize("file_format", ["PNG", "BMP", "TIFF", "GIF"])
def test_1_bit_is_black_and_white(file_format: str, noise: np.ndarray, as_file: AsFile) -> None:
    bits = noise[:, :, 0] > 127
    decoded = decode(as_file(Image.fromarray(bits), file_format))
    np.testing.assert_array_equal(decoded.pixels, np.where(bits, 255, 0)[:, :, None].repeat(3, 2))


def test_cmyk_jpeg(as_file: AsFile) -> None:
    red = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    decoded = decode(as_file(red, "JPEG", quality=95))
    assert np.abs(decoded.pixels.astype(int) - [255, 0, 0]).max() <= 3
    assert note_keys(decoded) == ["cmyk"]


@pytest.mark.parametrize("file_format", ["PNG", "GIF"])
def test_palette_transparency_lies_on_white(file_format: str, as_file: AsFile) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putdata([0, 1])
    decoded = decode(as_file(image, file_format, transparency=1))
    assert decoded.pixels.tolist() == [[[10, 20, 30], WHITE]]
    assert note_keys(decoded) == ["laid_on_white"]


@pytest.mark.parametrize("file_format", ["PNG", "WebP", "TIFF"])
def test_half_transparent_red_on_white_is_pink(file_format: str, as_file: AsFile) -> None:
    pixels = np.array([[[255, 0, 0, 255], [255, 0, 0, 128], [255, 0, 0, 0]]], np.uint8)
    decoded = decode(as_file(pixels, file_format.upper(), lossless=True, exact=True))
    assert decoded.pixels.tolist() == [[[255, 0, 0], [255, 127, 127], WHITE]]
    assert note_keys(decoded) == ["laid_on_white"]


def test_grey_with_alpha(as_file: AsFile) -> None:
    pixels = np.array([[[0, 255], [0, 128], [0, 0]]], np.uint8)
    decoded = decode(as_file(pixels, "PNG"))
    assert decoded.pixels[0, :, 0].tolist() == [0, 127, 255]
    assert note_keys(decoded) == ["laid_on_white"]


def test_opaque_alpha_is_nothing_to_note(noise: np.ndarray, as_file: AsFile) -> None:
    decoded = decode(as_file(Image.fromarray(noise).convert("RGBA"), "PNG"))
    np.testing.assert_array_equal(decoded.pixels, noise)
    assert decoded.notes == ()
