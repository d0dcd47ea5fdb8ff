"""Faults that leave every pixel readable, and faults that do not."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.pictures import Decoded, decode

AsFile = Callable[..., bytes]
Chunk = Callable[[bytes, bytes], bytes]
CLEAR = 255


def keys(decoded: Decoded) -> list[str]:
    return [note.key for note in decoded.notes]


def damage(data: bytes, chunk: bytes) -> bytes:
    """The PNG with one wrong bit in the checksum of that chunk."""
    at = data.index(chunk) - 4
    end = at + 12 + int.from_bytes(data[at : at + 4])
    return data[: end - 1] + bytes([data[end - 1] ^ 1]) + data[end:]


@pytest.mark.parametrize("chunk", [b"tEXt", b"gAMA", b"tIME", b"eXIf", b"iCCP"])
def test_ancillary_chunks_with_a_wrong_checksum_are_skipped_and_named(
    chunk: bytes, noise: np.ndarray, as_file: AsFile, png_chunk: Chunk
) -> None:
    data = as_file(noise, "PNG")
    inside = data[:33] + png_chunk(chunk, b"anything at all") + data[33:]
    decoded = decode(damage(inside, chunk))
    np.testing.assert_array_equal(decoded.pixels, noise)
    assert keys(decoded) == ["chunk_skipped"]
    assert decoded.notes[0].params["names"] == chunk.decode()


def test_a_wrong_checksum_of_pixels_is_told(noise: np.ndarray, as_file: AsFile) -> None:
    decoded = decode(damage(as_file(noise, "PNG"), b"IDAT"))
    np.testing.assert_array_equal(decoded.pixels, noise)
    assert keys(decoded) == ["checksum_wrong"]


@pytest.mark.parametrize("chunk", [b"IHDR", b"PLTE"])
def test_a_wrong_checksum_of_what_pixels_rest_on_is_refused(chunk: bytes, as_file: AsFile) -> None:
    data = as_file(Image.new("P", (4, 4), 1), "PNG")
    with pytest.raises(InputError, match="damaged"):
        decode(damage(data, chunk))


def test_a_png_without_its_end_is_whole(noise: np.ndarray, as_file: AsFile) -> None:
    decoded = decode(as_file(noise, "PNG")[:-12])
    np.testing.assert_array_equal(decoded.pixels, noise)
    assert keys(decoded) == ["end_missing"]


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_a_jpeg_lacks_its_end_or_pixels(options: dict, as_file: AsFile) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (70, 90, 3), np.uint8)
    data = as_file(pixels, "JPEG", **options)
    for cut in (1, 2):
        decoded = decode(data[:-cut])
        np.testing.assert_array_equal(decoded.pixels, decode(data).pixels)
        assert keys(decoded) == ["end_missing"]
    for cut in (3, 4, 9, 100):
        with pytest.raises(InputError, match="cut short"):
            decode(data[:-cut])


def grey_png(depth: int, values: list[int], clear: int, chunk: Chunk) -> bytes:
    """One row of grey pixels of 1, 2, 4, 8 or 16 bits, one value transparent."""
    bits = "".join(f"{value:0{depth}b}" for value in values)
    bits += "0" * (-len(bits) % 8)
    row = b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
    header = struct.pack(">IIBBBBB", len(values), 1, depth, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"tRNS", struct.pack(">H", clear))
    body += chunk(b"IDAT", zlib.compress(row)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_the_clear_grey_is_the_one_that_the_file_names(depth: int, png_chunk: Chunk) -> None:
    most = 2**depth - 1
    values = sorted({0, most // 3, most})
    for clear in values:
        decoded = decode(grey_png(depth, values, clear, png_chunk))
        expected = [CLEAR if value == clear else round(value * 255 / most) for value in values]
        assert decoded.pixels[0, :, 0].tolist() == expected
        assert "laid_on_white" in keys(decoded)


def test_the_clear_colour_of_sixteen_bits_is_that_colour_alone(png_chunk: Chunk) -> None:
    """Its neighbour differs in the lower byte alone."""
    clear, near, far = (0x1234,) * 3, (0x12FF,) * 3, (60_000,) * 3
    row = b"\0" + struct.pack(">9H", *clear, *near, *far)
    body = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 1, 16, 2, 0, 0, 0))
    body += png_chunk(b"tRNS", struct.pack(">HHH", *clear))
    body += png_chunk(b"IDAT", zlib.compress(row)) + png_chunk(b"IEND", b"")
    decoded = decode(b"\x89PNG\r\n\x1a\n" + body)
    assert decoded.pixels[0, :, 0].tolist() == [CLEAR, round(0x12FF / 257), round(60_000 / 257)]
