"""What ``decode`` refuses: each with one sentence, quickly, and without growing."""

import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.pictures import MAX_FILE_BYTES, MAX_PIXELS, decode

AsFile = Callable[..., bytes]
Chunk = Callable[[bytes, bytes], bytes]


def refusal(data: bytes) -> InputError:
    """The error that ``data`` meets, which must be quick and readable in both languages."""
    start_s = time.process_time()
    with pytest.raises(InputError) as caught:
        decode(data)
    assert time.process_time() - start_s < 2
    error = caught.value
    assert 400 <= error.status < 500
    assert all("{" not in error.sentence(lang) for lang in ("en", "ko"))
    return error


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "picture_empty"),
        (b"\0", "picture_not_recognised"),
        (b"just some words, renamed to cat.png", "picture_not_recognised"),
        (b"<!doctype html><html><body>404</body></html>", "picture_not_recognised"),
        (b"%PDF-1.7\n", "picture_not_recognised"),
        (b"8BPS\0\1", "picture_not_recognised"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_svg"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->\n<svg width="9">', "picture_svg"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture_damaged"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "picture_damaged"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp42avc1", "picture_not_recognised"),
        (b"P5\n", "picture_damaged"),
        (b"P7\nWIDTH 1\n", "picture_not_recognised"),
        (b"\x89PNG\r\n\x1a\n", "picture_damaged"),
        (b"\xff\xd8\xff", "picture_damaged"),
        (b"GIF89a", "picture_damaged"),
        (b"BM", "picture_damaged"),
        (b"II*\0", "picture_damaged"),
        (b"RIFF\0\0\0\0WEBP", "picture_damaged"),
    ],
)
def test_what_is_not_a_picture(data: bytes, key: str) -> None:
    assert refusal(data).key == key


def test_html_that_embeds_a_drawing_is_told_as_a_drawing_only_if_it_is_one() -> None:
    assert refusal(b"text about <svg> elements").key == "picture_not_recognised"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WebP", "GIF", "BMP", "TIFF"])
def test_cut_short(share: float, file_format: str, noise: np.ndarray, as_file: AsFile) -> None:
    data = as_file(noise, file_format.upper())
    error = refusal(data[: int(len(data) * share)])
    assert (error.key, error.params["format"]) == ("picture_damaged", file_format)


def test_20_megabytes_are_the_limit(noise: np.ndarray, as_file: AsFile) -> None:
    data = as_file(noise, "PNG")
    padding = bytes(MAX_FILE_BYTES - len(data))
    np.testing.assert_array_equal(decode(data + padding).pixels, noise)
    error = refusal(data + padding + b"\0")
    assert (error.key, error.status, error.params["limit_mb"]) == ("picture_file_too_big", 413, 20)


@pytest.mark.parametrize(
    ("width", "height", "key"),
    [
        (10_001, 10_000, "picture_too_many_pixels"),  # below Pillow's own limits
        (30_000, 30_000, "picture_too_many_pixels"),
        (2**31 - 1, 2**31 - 1, "picture_too_many_pixels"),
        (65_536, 1, "picture_side_too_long"),
        (0, 10, "picture_damaged"),
    ],
)
def test_size_is_judged_by_the_header(
    width: int, height: int, key: str, grey_png: Callable[..., bytes]
) -> None:
    """The data is that of a tiny picture: had it been read, the file would be "cut short"."""
    data = bytearray(grey_png(1, 1))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    assert refusal(bytes(data)).key == key


def test_100_megapixels_are_still_fine(grey_png: Callable[..., bytes]) -> None:
    decoded = decode(grey_png(10_000, MAX_PIXELS // 10_000))
    assert decoded.original_size == (10_000, 10_000)
    assert decoded.pixels.shape == (2048, 2048, 3)


@pytest.mark.parametrize("file_format", ["GIF", "WebP", "TIFF", "BMP", "JPEG"])
def test_size_is_judged_in_every_format(
    file_format: str, noise: np.ndarray, as_file: AsFile
) -> None:
    data = bytearray(as_file(noise, file_format.upper(), lossless=True))
    if file_format == "GIF":
        data[6:10] = struct.pack("<HH", 65_535, 65_535)
    elif file_format == "BMP":
        data[18:26] = struct.pack("<ii", 30_000, 30_000)
    elif file_format == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    elif file_format == "WebP":
        data[21:25] = struct.pack("<I", (16_383 << 14) | 16_383)
    else:
        for tag in (256, 257):
            at = data.index(struct.pack("<HHI", tag, 4, 1)) + 8
            data[at : at + 4] = struct.pack("<I", 30_000)
    assert refusal(bytes(data)).key == "picture_too_many_pixels"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_floats_that_are_no_numbers(value: float, as_file: AsFile) -> None:
    pixels = np.zeros((4, 5), np.float32)
    pixels[2, 3] = value
    assert refusal(as_file(pixels, "TIFF")).key == "picture_not_finite"


def test_signalling_nan(as_file: AsFile) -> None:
    bits = np.array([[0x7FA00000, 0]], np.uint32)
    assert refusal(as_file(bits.view(np.float32), "TIFF")).key == "picture_not_finite"


def test_colour_model_without_a_way_to_rgb(as_file: AsFile) -> None:
    error = refusal(as_file(Image.new("LAB", (4, 4)), "TIFF"))
    assert (error.key, error.params["mode"]) == ("picture_unusual", "LAB")


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_compressed_text_that_swells(
    kind: bytes, grey_png: Callable[..., bytes], png_chunk: Chunk
) -> None:
    swollen = zlib.compress(bytes(50_000_000), 9)
    head = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\1\0\0\0", b"iCCP": b"p\0\0"}[kind]
    data = grey_png(2, 2, png_chunk(kind, head + swollen))
    assert len(data) < 60_000
    tracemalloc.start()
    try:
        assert refusal(data).key == "picture_damaged"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_floods_of_png_chunks(grey_png: Callable[..., bytes], png_chunk: Chunk) -> None:
    assert refusal(grey_png(1, 1, png_chunk(b"prVt", b"") * 60_000)).key == "picture_overloaded"
    many = grey_png(1, 1, png_chunk(b"prVt", b"") * 20_000)
    assert decode(many).pixels.tolist() == [[[0, 0, 0]]]


@pytest.mark.parametrize(
    "segments",
    [
        b"\xff" * 3_000,
        b"\xff\xe5\0\2" * 3_000,
        b"\xff\xe1\0\x0cExif\0\0MMMM" * 100,
        b"\xff\xe2\0\x10ICC_PROFILE\0\1\1" * 3_000,
    ],
    ids=["fill bytes", "APP5", "Exif", "ICC"],
)
def test_floods_of_jpeg_segments(segments: bytes, noise: np.ndarray, as_file: AsFile) -> None:
    data = as_file(noise, "JPEG")
    assert refusal(data[:2] + segments + data[2:]).key == "picture_overloaded"
    decode(data[:2] + segments[: len(segments) // 100] + data[2:])


def test_floods_of_gif_blocks(noise: np.ndarray, as_file: AsFile) -> None:
    data = as_file(noise, "GIF")
    at = 13 + (3 << ((data[10] & 7) + 1))
    comment = b"\x21\xfe\x01a\0"
    assert refusal(data[:at] + comment * 150_000 + data[at:]).key == "picture_overloaded"
    assert refusal(data[:at] + bytes(250_000) + data[at:]).key == "picture_overloaded"
    decode(data[:at] + comment * 100 + data[at:])


def test_jpeg_of_endless_scans(as_file: AsFile) -> None:
    data = as_file(Image.new("L", (4000, 4000), 255), "JPEG", progressive=True, quality=50)
    last = data[data.rindex(b"\xff\xda") : -2]
    assert refusal(data[:-2] + last * 130 + data[-2:]).key == "picture_overloaded"
    assert decode(data).original_size == (4000, 4000)


@pytest.mark.parametrize(
    ("width", "key"), [(8_000, "picture_compressed_bmp"), (65_535, "picture_overloaded")]
)
def test_run_length_bmp(width: int, key: str) -> None:
    rows = b"\x01\x01\0\0" * 1500
    info = struct.pack("<IiiHHIIIIII", 40, width, 1500, 1, 8, 1, len(rows), 0, 0, 256, 0)
    offset = 14 + 40 + 1024
    head = b"BM" + struct.pack("<IHHI", offset + len(rows), 0, 0, offset)
    assert refusal(head + info + bytes(1024) + rows).key == key


def tiff_with_one_tile(side_px: int) -> bytes:
    """16 x 16 pixels, covered by one deflated tile of ``side_px`` squared."""
    packer = zlib.compressobj(9)
    row = bytes(side_px)
    tile = b"".join(packer.compress(row) for _ in range(side_px)) + packer.flush()
    values = {256: 16, 257: 16, 258: 8, 259: 8, 262: 1, 277: 1, 322: side_px, 323: side_px, 324: 8}
    entries = [*values.items(), (325, len(tile))]
    directory = struct.pack("<H", len(entries))
    directory += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<I", 8 + len(tile)) + tile + directory + bytes(4)


def test_tiff_tile_far_larger_than_its_picture() -> None:
    assert decode(tiff_with_one_tile(512)).pixels.shape == (16, 16, 3)
    assert refusal(tiff_with_one_tile(8192)).key == "picture_overloaded"


@pytest.mark.parametrize(
    "error_type",
    [
        AssertionError, AttributeError, EOFError, IndexError, KeyError, MemoryError,
        NotImplementedError, OSError, OverflowError, SyntaxError, TypeError, ValueError,
        ZeroDivisionError, struct.error, zlib.error,
    ],
)  # fmt: skip
def test_any_error_of_a_decoder_becomes_a_sentence(
    error_type: type[Exception], grey_png: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error_type("as a decoder would")

    monkeypatch.setattr(Image, "open", fail)
    assert refusal(grey_png(1, 1)).key == "picture_damaged"


def test_a_png_whose_last_chunk_is_garbled(
    grey_png: Callable[..., bytes], png_chunk: Chunk
) -> None:
    """Pillow raises SyntaxError, after the pixels, while it looks for trailing text."""
    body = zlib.compress(bytes(3))
    data = grey_png(2, 1)
    header = data[: data.index(b"IDAT") - 4]
    split = png_chunk(b"IDAT", body[:4]) + b"\0\0\0\x04\x18\xc6\xf8\x8f" + body[4:]
    assert refusal(header + split).key == "picture_damaged"


def tiny_webp(width: int, height: int) -> bytes:
    """36 bytes: a lossless WebP of one colour."""
    bits = struct.pack("<I", (width - 1) | (height - 1) << 14)
    body = b"\x2f" + bits + b"\x07\x10\x11\xfe\x0f\x00" + b"\0"
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


@pytest.mark.parametrize(
    ("width", "height", "key"),
    [
        (16_383, 16_383, "picture_too_many_pixels"),
        (6_000, 5_100, "picture_too_many_pixels"),  # the canvas alone would take 490 MB
        (5_000, 5_000, "picture_overloaded"),
    ],
)
def test_a_webp_of_36_bytes(width: int, height: int, key: str) -> None:
    start_s = time.process_time()
    assert refusal(tiny_webp(width, height)).key == key
    assert time.process_time() - start_s < 0.5  # 2.6 s were the fault


@pytest.mark.parametrize("brand", [b"heic", b"avif"])
def test_sizes_in_boxes_are_judged_before_a_decoder_opens_the_file(brand: bytes) -> None:
    ispe = struct.pack(">I4sIII", 20, b"ispe", 0, 30_000, 30_000)
    data = struct.pack(">I4s4sI", 16, b"ftyp", brand, 0) + ispe
    assert refusal(data).key == "picture_too_many_pixels"


def test_kinds_that_no_reader_knows_are_not_called_damaged(as_file: AsFile) -> None:
    jpeg = bytearray(as_file(Image.new("L", (8, 8)), "JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 4] = 12
    error = refusal(bytes(jpeg))
    assert (error.key, error.params["kind"]) == ("picture_kind_unread", "JPEG (12 bit)")
    jpeg[at + 1], jpeg[at + 4] = 0xC3, 8
    assert refusal(bytes(jpeg)).params["kind"] == "JPEG (SOF3)"
    tiff = bytearray(as_file(Image.new("L", (8, 8)), "TIFF"))
    at = tiff.index(struct.pack("<HHI", 258, 3, 1)) + 8
    tiff[at : at + 2] = struct.pack("<H", 24)
    assert refusal(bytes(tiff)).params["kind"] == "TIFF"
