"""Picture files made on the spot, well formed and malicious."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def zlib_of_zeros(row_bytes: int, rows: int) -> bytes:
    """A zlib stream of ``row_bytes * rows`` zeros: one row's blocks, written ``rows`` times.

    The checksum (RFC 1950, Adler-32) of n zeros is 1 + (n mod 65521) * 65536.
    """
    packer = zlib.compressobj(9, wbits=-15)
    row = packer.compress(bytes(row_bytes)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = ((row_bytes * rows % 65_521) << 16) + 1
    return b"\x78\x01" + row * rows + b"\x03\0" + struct.pack(">I", checksum)


@pytest.fixture(scope="session")
def noise() -> np.ndarray:
    """uint8 (20, 30, 3): half plain, half random, so that every codec has something to do."""
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    pixels[:10] = (200, 100, 50)
    return pixels


@pytest.fixture(scope="session")
def as_file() -> Callable[..., bytes]:
    """``as_file(array or image, format, **options)``: what Pillow writes."""

    def write(picture: np.ndarray | Image.Image, file_format: str, **options: object) -> bytes:
        image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
        buffer = io.BytesIO()
        image.save(buffer, file_format, **options)
        return buffer.getvalue()

    return write


@pytest.fixture(scope="session")
def png_chunk() -> Callable[[bytes, bytes], bytes]:
    """``png_chunk(kind, body)``: length, kind, body, checksum."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

    return chunk


@pytest.fixture(scope="session")
def grey_png(png_chunk: Callable[[bytes, bytes], bytes]) -> Callable[..., bytes]:
    """``grey_png(width, height, extra)``: 8-bit grey, all black, with chunks before the data."""

    def write(width: int, height: int, extra: bytes = b"") -> bytes:
        header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
        body = zlib_of_zeros(width + 1, height)
        return (
            b"\x89PNG\r\n\x1a\n"
            + png_chunk(b"IHDR", header)
            + extra
            + png_chunk(b"IDAT", body)
            + png_chunk(b"IEND", b"")
        )

    return write


@pytest.fixture(scope="session")
def p3_profile() -> bytes:
    """Display P3's ICC profile."""
    with Image.open(Path(__file__).parent / "cases" / "icc_p3.png") as image:
        return image.info["icc_profile"]
