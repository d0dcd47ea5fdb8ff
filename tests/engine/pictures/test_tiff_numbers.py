"""TIFFs of any numbers against tifffile, which reads them without libtiff."""

import io
import itertools
from collections.abc import Callable

import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.errors import InputError
from engine.pictures import decode
from engine.pictures.numbers import MAX_NUMBER_BYTES
from engine.pictures.tiff_numbers import read_layout, read_numbers

AsFile = Callable[..., bytes]
TYPES = ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "f2", "f4", "f8")


def draw(dtype: str, channels: int) -> np.ndarray:
    """(37, 53, channels), over the whole range of integers, in [0, 1) for floats."""
    values = np.random.default_rng(0).random((37, 53, channels))
    if np.dtype(dtype).kind != "f":
        values = values * np.iinfo(dtype).max * 0.99
    return values.astype(dtype)


def write(values: np.ndarray, apart: bool = False, **options: object) -> bytes:
    channels = values.shape[2]
    file = io.BytesIO()
    if channels > 1:
        options["planarconfig"] = "separate" if apart else "contig"
        options["photometric"] = "rgb" if channels >= 3 else "minisblack"
        options["extrasamples"] = ["unassalpha"] if channels in (2, 4) else None
        values = np.moveaxis(values, -1, 0) if apart else values
    else:
        values = values[:, :, 0]
    tifffile.imwrite(file, values, **options)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_every_layout_is_read_as_tifffile_reads_it(dtype: str, channels: int) -> None:
    values = draw(dtype, channels)
    colours = 3 if channels >= 3 else 1
    ways = itertools.product((False, True), "<>", (None, "zlib"), (None, (16, 32)), (False, True))
    for apart, order, packing, tile, big in ways:
        blocks = {"tile": tile} if tile else {"rowsperstrip": 10}
        options = {"byteorder": order, "compression": packing, "bigtiff": big} | blocks
        data = write(values, apart, **options)
        layout = read_layout(data)
        assert layout is not None
        numbers = read_numbers(data, layout)
        np.testing.assert_array_equal(numbers.colours, values[:, :, :colours])
        if channels == colours:
            assert numbers.alpha is None
        else:
            np.testing.assert_array_equal(numbers.alpha, values[:, :, colours])


@pytest.mark.parametrize("dtype", ["u2", "i2", "u4"])
@pytest.mark.parametrize("tile", [None, (16, 32)])
def test_differences_of_neighbours_are_summed(dtype: str, tile: tuple | None) -> None:
    values = draw(dtype, 3)
    data = write(values, compression="zlib", predictor=True, tile=tile)
    layout = read_layout(data)
    assert layout is not None
    assert layout.predictor == 2
    np.testing.assert_array_equal(read_numbers(data, layout).colours, values)


@pytest.mark.parametrize("predictor", [1, 3])
@pytest.mark.parametrize("packing", ["tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_floats_packed_by_libtiff(packing: str, predictor: int, as_file: AsFile) -> None:
    values = draw("f4", 1)[:, :, 0]
    info = {317: predictor} if packing != "packbits" else {}
    data = as_file(values, "TIFF", compression=packing, tiffinfo=info)
    layout = read_layout(data)
    assert layout is not None
    np.testing.assert_array_equal(read_numbers(data, layout).colours[:, :, 0], values)


@pytest.mark.parametrize("apart", [False, True])
def test_sixteen_bits_in_three_channels_keep_their_darkness_no_secret(apart: bool) -> None:
    """Twelve bits of a camera in sixteen: Pillow would show 0 to 15."""
    ramp = np.arange(4096, dtype=np.uint16).reshape(32, 128)
    values = np.stack([ramp, 4095 - ramp, ramp // 2], axis=2)
    decoded = decode(write(values, apart))
    np.testing.assert_array_equal(decoded.pixels, np.rint(values / 4095 * 255))
    assert [note.key for note in decoded.notes] == ["sixteen_bit", "stretched"]


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_is_laid_on_white(dtype: str, channels: int) -> None:
    full = 1.0 if dtype == "f4" else np.iinfo(dtype).max
    values = np.zeros((2, 2, channels), dtype)
    values[0] = full  # opaque white above, clear black below
    decoded = decode(write(values, apart=True))
    assert decoded.pixels.min() == 255
    assert "laid_on_white" in [note.key for note in decoded.notes]


def test_big_endian_bigtiff_which_pillow_does_not_open(noise: np.ndarray) -> None:
    np.testing.assert_array_equal(decode(write(noise, byteorder=">", bigtiff=True)).pixels, noise)


def test_further_channels_are_told() -> None:
    file = io.BytesIO()
    values = np.full((4, 5, 7), 60_000, np.uint16)
    values[0, 0] = 0
    tifffile.imwrite(file, values, photometric="rgb", planarconfig="contig")
    decoded = decode(file.getvalue())
    assert decoded.notes[0].key == "channels_unseen"
    assert decoded.notes[0].params == {"count": 4}


def test_turned_upright_as_its_tag_says() -> None:
    values = draw("f8", 1)
    file = io.BytesIO()
    tifffile.imwrite(file, values[:, :, 0], extratags=[(274, 3, 1, 6, True)])
    decoded = decode(file.getvalue())
    expected = np.rot90(np.rint(values[:, :, 0] * 255), -1)
    np.testing.assert_array_equal(decoded.pixels[:, :, 0], expected)
    assert decoded.original_size == (53, 37)


def test_a_second_page_is_told() -> None:
    file = io.BytesIO()
    tifffile.imwrite(file, np.zeros((2, 4, 5), np.float64), photometric="minisblack")
    assert [note.key for note in decode(file.getvalue()).notes] == ["first_page"]


def test_too_many_numbers_are_refused_before_they_are_read() -> None:
    values = draw("f8", 3)
    data = bytearray(write(values))
    layout = read_layout(bytes(data))
    assert layout is not None
    side = int((MAX_NUMBER_BYTES / 24) ** 0.5) + 1
    for tag in (256, 257):
        at = data.index(tag.to_bytes(2, "little") + b"\x04\0\1\0\0\0") + 8
        data[at : at + 4] = side.to_bytes(4, "little")
    with pytest.raises(InputError, match="more than 6 million pixels"):
        decode(bytes(data))


def test_blocks_that_share_their_bytes_are_not_copied_without_end() -> None:
    data = bytearray(write(draw("f4", 1), rowsperstrip=1))
    layout = read_layout(bytes(data))
    assert layout is not None
    lengths = layout.directory.tags[279]
    packed = np.array(lengths, np.uint16 if max(lengths) < 2**16 else np.uint32)
    at = data.index(packed.tobytes())
    data[at : at + packed.nbytes] = np.full_like(packed, 60_000).tobytes()
    with pytest.raises(InputError, match="damaged"):
        decode(bytes(data))


def test_a_picture_that_needs_no_reader_of_ours_goes_to_pillow(noise: np.ndarray) -> None:
    layout = read_layout(write(noise))
    assert layout is not None
    assert layout.suits_pillow
    assert read_layout(_as_jpeg_tiff(noise)) is None


def _as_jpeg_tiff(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "TIFF", compression="jpeg")
    return file.getvalue()
