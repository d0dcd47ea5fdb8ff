"""PBM, PGM and PPM against Pillow and OpenCV."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.pictures import decode


def write(kind: str, values: np.ndarray, largest: int = 255, comment: str = "") -> bytes:
    """A file of that kind, "P1" to "P6"; values (H, W) or (H, W, 3)."""
    height, width = values.shape[:2]
    head = f"{kind}\n{comment}{width} {height}\n" + ("" if kind in ("P1", "P4") else f"{largest}\n")
    if kind in ("P1", "P2", "P3"):
        body = " ".join(map(str, values.ravel())).encode() + b"\n"
    elif kind == "P4":
        body = np.packbits(values, axis=1).tobytes()
    else:
        body = values.astype(">u2" if largest > 255 else "u1").tobytes()
    return head.encode() + body


@pytest.mark.parametrize("kind", ["P2", "P5"])
@pytest.mark.parametrize("comment", ["", "# made by hand\n", "#a\n#b\n"])
def test_greys(kind: str, comment: str, noise: np.ndarray) -> None:
    values = noise[:, :, 0]
    decoded = decode(write(kind, values, comment=comment))
    assert (decoded.format, decoded.original_size, decoded.notes) == ("PGM/PPM", (20, 30), ())
    np.testing.assert_array_equal(decoded.pixels, np.repeat(values[:, :, None], 3, axis=2))


@pytest.mark.parametrize("kind", ["P3", "P6"])
def test_colours_are_what_pillow_and_opencv_read(kind: str, noise: np.ndarray) -> None:
    data = write(kind, noise)
    with Image.open(io.BytesIO(data)) as image:
        np.testing.assert_array_equal(decode(data).pixels, np.asarray(image))
    other = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert other is not None
    np.testing.assert_array_equal(decode(data).pixels, other[:, :, ::-1])


@pytest.mark.parametrize("kind", ["P1", "P4"])
@pytest.mark.parametrize("width", [1, 7, 8, 9])
def test_in_bitmaps_one_is_black(kind: str, width: int) -> None:
    bits = np.random.default_rng(1).integers(0, 2, (5, width), np.uint8)
    pixels = decode(write(kind, bits)).pixels
    np.testing.assert_array_equal(pixels[:, :, 0], 255 * (1 - bits))


def test_a_plain_bitmap_needs_no_white_space() -> None:
    assert decode(b"P1 3 1 101").pixels[0, :, 0].tolist() == [0, 255, 0]


def test_the_largest_value_is_white() -> None:
    values = np.array([[0, 5, 10]])
    assert decode(write("P5", values, 10)).pixels[0, :, 1].tolist() == [0, 128, 255]
    deep = np.array([[0, 2048, 4095]])
    assert decode(write("P5", deep, 4095)).pixels[0, :, 1].tolist() == [0, 128, 255]


def test_twelve_bits_in_sixteen_are_stretched_and_said_so() -> None:
    decoded = decode(write("P5", np.array([[0, 2048, 4095]]), 65_535))
    assert decoded.pixels[0, :, 1].tolist() == [0, 128, 255]
    assert [note.key for note in decoded.notes] == ["sixteen_bit", "stretched"]


@pytest.mark.parametrize(
    "data",
    [
        b"P5 2 2 255\n\0\0\0",
        b"P5 2 2 70000\n\0\0\0\0",
        b"P5 0 2 255\n",
        b"P5 2 -2 255\n\0\0\0\0",
        b"P2 2 1 9 3",
        b"P2 2 1 9 3 x",
        b"P2 2 1 9 3 10",
        b"P1 2 1 1 2",
        b"P5 " + b"#" * 10_000,
        b"P6\n",
    ],
)
def test_damaged_files_are_a_sentence(data: bytes) -> None:
    with pytest.raises(InputError, match="damaged"):
        decode(data)
