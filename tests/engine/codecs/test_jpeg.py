"""Our JPEG reader against libjpeg (by Pillow) and SciPy."""

import io

import numpy as np
import pytest
from PIL import Image
from scipy.fft import dctn, idctn

from engine.codecs.encoders import decode, encode
from engine.codecs.jpeg.decoding import decode_jpeg
from engine.codecs.jpeg.huffman import read_planes
from engine.codecs.jpeg.opened import open_block
from engine.codecs.jpeg.segments import read_segments
from engine.codecs.jpeg.transform import ZIGZAG, dct, idct
from engine.codecs.subjects import subject_pixels
from engine.pictures import sample

CUT = sample("chelsea").pixels[60:141, 100:217]  # neither side is a multiple of eight


def test_the_transform_is_scipys() -> None:
    blocks = np.random.default_rng(0).uniform(-128, 127, (5, 8, 8))
    np.testing.assert_allclose(
        dct(blocks), np.asarray(dctn(blocks, axes=(1, 2), norm="ortho")), atol=1e-10
    )
    np.testing.assert_allclose(
        idct(blocks), np.asarray(idctn(blocks, axes=(1, 2), norm="ortho")), atol=1e-10
    )


def test_the_zigzag_is_the_standards() -> None:
    assert ZIGZAG[:12].tolist() == [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25]
    assert ZIGZAG[-4:].tolist() == [47, 55, 62, 63]
    assert sorted(ZIGZAG.tolist()) == list(range(64))


@pytest.mark.parametrize("quality", [1, 30, 75, 95])
@pytest.mark.parametrize(("chroma", "within"), [("4:4:4", 1), ("4:2:2", 2), ("4:2:0", 2)])
def test_pixels_are_libjpegs(quality: int, chroma: str, within: int) -> None:
    for pixels in (CUT, subject_pixels("drawing", CUT)[:70, :91], CUT[:1, :1], CUT[:30, :3]):
        data = encode(pixels, "jpeg", quality, chroma)
        off = np.abs(decode_jpeg(data).astype(int) - decode(data))
        assert off.max() <= within
        assert off.mean() < 0.1


@pytest.mark.parametrize("quality", [5, 60])
def test_luma_is_libjpegs(quality: int) -> None:
    data = encode(CUT, "jpeg", quality)
    with Image.open(io.BytesIO(data)) as image:
        image.draft("L", image.size)
        luma = np.array(image)
    grey = np.repeat(luma[..., None], 3, axis=2)
    file = read_segments(data)
    planes = read_planes(file)
    for plane in planes[1:]:
        plane.blocks[:] = 0
    from engine.codecs.jpeg.decoding import pixels_of

    assert np.abs(pixels_of(file, planes).astype(int) - grey).max() <= 1


def test_tables_are_the_files_own() -> None:
    data = encode(CUT, "jpeg", 35)
    with Image.open(io.BytesIO(data)) as image:
        told = image.quantization  # type: ignore[attr-defined]
    tables = read_segments(data).tables
    assert {k: table.ravel().tolist() for k, table in tables.items()} == told


@pytest.mark.parametrize("chroma", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("component", ["y", "cb", "cr"])
def test_a_block_is_what_the_whole_file_holds(chroma: str, component: str) -> None:
    data = encode(CUT, "jpeg", 40, chroma)
    planes, decoded = read_planes(read_segments(data)), decode(data)
    for at in ((0, 0), (37, 50), (80, 116)):
        found = open_block(CUT, 40, chroma, component, at)
        x1, y1, x2, y2 = found.box
        assert y1 <= at[0] < y2
        assert x1 <= at[1] < x2
        plane = planes[("y", "cb", "cr").index(component)]
        row, column = 8 * y1 // (y2 - y1) // 8, 8 * x1 // (x2 - x1) // 8
        np.testing.assert_array_equal(found.quantised, plane.blocks[row, column])
        assert found.off <= 1  # a half may fall to either side
        assert found.apart <= 2
        if component == "y" or chroma == "4:4:4":
            assert np.abs(found.back.astype(int) - found.samples).max() < 60
        assert found.source.shape == found.shown.shape
        inner = CUT[y1:y2, x1:x2]
        np.testing.assert_array_equal(found.source, inner)
        if at == (37, 50):
            np.testing.assert_array_equal(found.shown, decoded[y1:y2, x1:x2])
            assert found.bits == plane.bits[row, column] or found.bits > 0


def test_coefficients_over_steps_round_to_the_files_numbers() -> None:
    """Over many blocks hardly a number falls to the other side, and never by more than one."""
    off = 0
    for row in range(0, 80, 16):
        for column in range(0, 112, 16):
            found = open_block(CUT, 50, "4:2:0", "y", (row, column))
            steps = found.coefficients / found.table
            assert np.abs(steps - found.quantised).max() < 0.6
            off += found.off
    assert off <= 35 * 64 // 100


@pytest.mark.parametrize("other", [b"", b"GIF89a"])
def test_other_files_are_refused(other: bytes) -> None:
    with pytest.raises(ValueError, match="not a JPEG"):
        decode_jpeg(other)


def test_progressive_files_are_refused() -> None:
    buffer = io.BytesIO()
    Image.fromarray(CUT).save(buffer, "JPEG", progressive=True)
    with pytest.raises(ValueError, match="baseline"):
        decode_jpeg(buffer.getvalue())
