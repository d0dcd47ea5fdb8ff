"""Our PNG reader against zlib and Pillow."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.codecs.encoders import encode
from engine.codecs.png.chunks import read_chunks
from engine.codecs.png.filters import FILTERS, filtered, unfiltered
from engine.codecs.png.inflate import inflate
from engine.codecs.png.opened import open_png
from engine.codecs.subjects import subject_pixels
from engine.pictures import sample

CUT = sample("chelsea").pixels[100:140, 150:211]
NOISE = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_streams_are_what_zlib_says(level: int) -> None:
    for data in (b"", b"a", b"abcabcabc" * 50, CUT.tobytes(), NOISE.tobytes()):
        stream = zlib.compress(data, level)
        told = inflate(stream)
        assert told.data.tobytes() == data
        # two bytes at the beginning, four at the end, and up to seven bits before those
        rest = 8 * (len(stream) - 6) - told.table_bits - told.bits.sum(dtype=np.float64)
        assert -0.5 < rest < 7.5
        assert (told.copied_from[told.bits == 0] == 0).all()


@pytest.mark.parametrize(
    "stream", [b"", b"\x78\x9c\x07\x00\x00\x00", zlib.compress(b"ab" * 9)[:-8]]
)
def test_damaged_streams_are_refused(stream: bytes) -> None:
    with pytest.raises(ValueError, match=r"stream|block"):
        inflate(stream)


@pytest.mark.parametrize("name", FILTERS)
def test_filters_are_undone(name: str) -> None:
    rows = CUT.reshape(len(CUT), -1)
    lines = filtered(name, rows)
    kinds = np.full(len(rows), FILTERS.index(name), np.uint8)
    np.testing.assert_array_equal(unfiltered(kinds, lines), rows)


@pytest.mark.parametrize("pixels", [CUT, NOISE, CUT[:1, :1], CUT[:7, :1], CUT[:1]])
def test_pixels_are_pillows(pixels: np.ndarray) -> None:
    found = open_png(pixels)
    data = encode(pixels, "png", 100)
    with Image.open(io.BytesIO(data)) as image:
        np.testing.assert_array_equal(found.pixels, np.array(image))
    stream = read_chunks(data).stream
    raw = np.frombuffer(zlib.decompress(stream), np.uint8).reshape(len(pixels), -1)
    np.testing.assert_array_equal(found.kinds, raw[:, 0])
    np.testing.assert_array_equal(found.lines.reshape(len(pixels), -1), raw[:, 1:])
    whole = found.row_bits.sum() + found.table_bits
    assert abs(8 * (len(stream) - 6) - whole) < 8
    assert found.file_bytes == len(data)


def test_noise_takes_all_its_bits_and_flat_colour_next_to_none() -> None:
    assert open_png(NOISE).bits.mean() > 23
    drawing = open_png(subject_pixels("drawing", CUT)[30:90, 40:140])
    assert drawing.bits.mean() < 4
    assert drawing.copied.mean() > 0.7
    assert open_png(np.zeros((30, 30, 3), np.uint8)).bits.mean() < 0.2


def test_other_files_are_refused() -> None:
    with pytest.raises(ValueError, match="not a PNG"):
        read_chunks(b"GIF89a")
    buffer = io.BytesIO()
    Image.fromarray(CUT).convert("L").save(buffer, "PNG")
    with pytest.raises(ValueError, match="RGB"):
        read_chunks(buffer.getvalue())
