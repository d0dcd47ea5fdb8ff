"""Files that are small to send and ruinous to decode, seen before any pixel is decoded.

Pillow bounds what a picture's *header* may ask for, and its text chunks. It does not bound the
work that a malicious *structure* asks for. Measured with Pillow 13 on one core, without guards:

- a 36-byte WebP of 16,383 x 16,383 pixels takes 2.6 s and 1.5 GB;
- a 7 kB run-length BMP of 98 megapixels takes 34 s (its decoder is plain Python);
- each further scan of a 98-megapixel progressive JPEG costs 0.14 s and about 150 bytes;
- a 0.9 MB TIFF of 16 x 16 pixels in one 30,000 x 30,000 tile takes 880 MB of memory;
- 17 MB of tiny Exif segments, PNG chunks or GIF blocks take from 4 s to several minutes.

Everything here is linear in the file's length at worst and reads lengths, never contents. What is
let through takes ``MAX_DECODE_BYTES`` at most, give or take a tenth, and two to three seconds of
one core.
"""

from PIL import Image

from engine.errors import InputError
from engine.pictures.declared_size import Size, declared_size, find_frame_header

MAX_PIXELS = 100_000_000
MAX_SIDE_PX = 65_535
MAX_DECODE_BYTES = 480_000_000

# Bytes a pixel while a file is decoded, measured: libwebp, libavif and libheif hold the picture
# several times over, Pillow's own decoders once.
_PIXEL_BYTES = {"WebP": 18.0, "AVIF": 9.6, "HEIC": 9.0}
_OTHER_PIXEL_BYTES, _DEEP_PIXEL_BYTES = 4.0, 24.0
# A JPEG is decoded at the working size; a progressive one is kept whole as coefficients first.
_DRAFT_JPEG_BYTES, _PROGRESSIVE_PIXEL_BYTES = 70_000_000, 6.0
# A flat picture takes almost no bytes in some formats. Large ones have to take some.
_FREE_PIXELS, _PIXELS_A_BYTE = 16_000_000, 10_000

# Real files stay far below: a 20 MB PNG in 1 kB chunks has 20,000; a 20 MB GIF 80,000 blocks; a
# photograph some dozens of JPEG segments and at most a few Exif blocks (one for each preview).
_MAX_PNG_CHUNKS = 50_000
_MAX_GIF_BLOCKS = 200_000
_MAX_JPEG_SEGMENTS = 2_000
_MAX_EXIF_BLOCKS = 64
# A progressive photograph has about ten scans; at 100 megapixels this allows twenty.
_MAX_SCANNED_PIXELS = 2_000_000_000
_MAX_TILE_PIXELS = 16_000_000

_BMP_UNCOMPRESSED = {0, 3, 6}  # BI_RGB, BI_BITFIELDS, BI_ALPHABITFIELDS
_TIFF_TILE_WIDTH, _TIFF_TILE_LENGTH = 322, 323
_PNG_DEPTH_AT = 24
_JPEG_START_OF_SCAN = 0xDA
_JPEG_PROGRESSIVE = 0xC2
_JPEG_PROCESSES = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}  # baseline, extended, progressive; arithmetic
# Markers after which no length stands, or whose length Pillow does not skip.
_JPEG_BARE = {0x00, 0x01, 0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)}


def check_declared(file_format: str, data: bytes) -> int:
    """Refuse a file whose head asks for too much, before any library opens it.

    Returns:
        Bytes of memory that decoding it takes at most.

    Raises:
        InputError: too many pixels, too long a side, or far too many for so short a file.
    """
    declared = declared_size(file_format, data)
    if declared is None:
        return MAX_DECODE_BYTES
    check_size(file_format, declared)
    pixels = declared[0] * declared[1]
    if pixels > max(_FREE_PIXELS, _PIXELS_A_BYTE * len(data)):
        raise _overloaded()
    return needed_bytes(file_format, pixels, data)


def needed_bytes(file_format: str, pixels: int, data: bytes) -> int:
    """Bytes of memory that decoding takes at most."""
    if file_format == "TIFF" or (file_format == "PNG" and data[_PNG_DEPTH_AT] == 16):
        return min(int(pixels * _DEEP_PIXEL_BYTES), MAX_DECODE_BYTES)
    whole = int(pixels * _PIXEL_BYTES.get(file_format, _OTHER_PIXEL_BYTES))
    if file_format != "JPEG":
        return whole
    is_progressive = bytes([0xFF, _JPEG_PROGRESSIVE]) in data
    kept = int(pixels * _PROGRESSIVE_PIXEL_BYTES) if is_progressive else 0
    return kept + min(whole, _DRAFT_JPEG_BYTES)


def check_size(file_format: str, size: Size) -> None:
    """Refuse a size, (width, height), that its format cannot be decoded at within the bounds.

    Raises:
        InputError: too many pixels or too long a side.
    """
    width, height = size
    if width < 1 or height < 1:
        raise InputError("picture_damaged", format=file_format)
    most = min(MAX_PIXELS, int(MAX_DECODE_BYTES / _PIXEL_BYTES.get(file_format, 1)))
    if width * height > most:
        raise too_many_pixels(most)
    if max(width, height) > MAX_SIDE_PX:
        raise InputError(
            "picture_side_too_long", status=413, width=width, height=height, limit=MAX_SIDE_PX
        )


def check_structure(file_format: str, data: bytes) -> None:
    """Refuse a file whose blocks are too many, before a decoder sees it.

    Raises:
        InputError: ``picture_overloaded``.
    """
    checks = {"PNG": _check_png_chunks, "GIF": _check_gif_blocks, "JPEG": _check_jpeg_segments}
    if file_format in checks:
        checks[file_format](data)


def check_header(file_format: str, image: Image.Image, data: bytes) -> None:
    """Refuse a picture whose header asks for too much; no pixel has been decoded yet.

    Args:
        file_format: one of ``ACCEPTED_FORMATS``.
        image: just opened, not loaded.
        data: the whole file.

    Raises:
        InputError: too many pixels, too long a side, or too much work for its size.
    """
    check_size(file_format, image.size)
    width, height = image.size
    if image.format == "BMP" and image.info.get("compression") not in _BMP_UNCOMPRESSED:
        raise InputError("picture_compressed_bmp", status=415)
    if file_format == "JPEG":
        # Inside compressed data a byte FF is always followed by 00, so this counts markers only.
        scans = data.count(bytes([0xFF, _JPEG_START_OF_SCAN]))
        if scans * max(width * height, 1_000_000) > _MAX_SCANNED_PIXELS:
            raise _overloaded()
        if needed_bytes(file_format, width * height, data) > MAX_DECODE_BYTES:
            left = MAX_DECODE_BYTES - _DRAFT_JPEG_BYTES
            raise too_many_pixels(int(left / _PROGRESSIVE_PIXEL_BYTES))
    if file_format == "TIFF":
        tags = getattr(image, "tag_v2", {})
        check_tile((tags.get(_TIFF_TILE_WIDTH, 0), tags.get(_TIFF_TILE_LENGTH, 0)), image.size)


def too_many_pixels(most: int = MAX_PIXELS) -> InputError:
    """The error for a picture of more than ``most`` pixels."""
    return InputError("picture_too_many_pixels", status=413, limit=most // 1_000_000)


def _overloaded() -> InputError:
    return InputError("picture_overloaded")


def unread_jpeg(data: bytes) -> str | None:
    """The name of a kind of JPEG that libjpeg, as Pillow uses it, does not read; else None."""
    at = find_frame_header(data)
    if at is None:
        return None
    process, precision = data[at + 1], data[at + 4]
    if precision != 8:
        return f"JPEG ({precision} bit)"
    return None if process in _JPEG_PROCESSES else f"JPEG (SOF{process - 0xC0})"


def check_tile(tile: tuple[object, object], size: Size) -> None:
    """Refuse a TIFF's tile, (width, height), that is far larger than its picture.

    libtiff keeps one whole tile in memory, however small the picture that it covers.

    Raises:
        InputError: damaged or overloaded.
    """
    tile_width, tile_height = tile
    if not (isinstance(tile_width, int) and isinstance(tile_height, int)):
        raise InputError("picture_damaged", format="TIFF")
    if tile_width * tile_height > max(_MAX_TILE_PIXELS, size[0] * size[1]):
        raise _overloaded()


def _check_png_chunks(data: bytes) -> None:
    at = 8
    for _ in range(_MAX_PNG_CHUNKS):
        if at + 8 > len(data) or data[at + 4 : at + 8] == b"IEND":
            return
        at += 12 + int.from_bytes(data[at : at + 4])
    raise _overloaded()


def _check_jpeg_segments(data: bytes) -> None:
    if data.count(b"Exif\0\0") > _MAX_EXIF_BLOCKS:
        raise _overloaded()
    at = 2
    for _ in range(_MAX_JPEG_SEGMENTS):
        at = data.find(b"\xff", at)
        if at < 0 or at + 4 > len(data) or data[at + 1] == _JPEG_START_OF_SCAN:
            return
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker in _JPEG_BARE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise _overloaded()


def _check_gif_blocks(data: bytes) -> None:
    """Count the sub-blocks up to the second frame, which is as far as a decoder is asked to go."""
    at = 13 + _gif_palette_bytes(data, 10)
    blocks = frames = 0
    while at < len(data) and frames < 2:
        kind = data[at]
        if kind == 0x2C:  # an image: descriptor, palette, code size, sub-blocks
            frames += 1
            at += 11 + _gif_palette_bytes(data, at + 9)
        elif kind == 0x21:  # an extension: label, sub-blocks
            at += 2
        else:
            at += 1
            blocks += 1
            if blocks > _MAX_GIF_BLOCKS:
                raise _overloaded()
            continue
        while at < len(data) and data[at]:
            at += 1 + data[at]
            blocks += 1
            if blocks > _MAX_GIF_BLOCKS:
                raise _overloaded()
        at += 1
        blocks += 1


def _gif_palette_bytes(data: bytes, flags_at: int) -> int:
    if flags_at >= len(data) or not data[flags_at] & 0x80:
        return 0
    return 3 << ((data[flags_at] & 7) + 1)
