"""Files that are small to send and ruinous to decode, seen before any pixel is decoded.

Pillow bounds what a picture's *header* may ask for, and its text chunks. It does not bound the
work that a malicious *structure* asks for. Measured with Pillow 13 on one core, without guards:

- a 7 kB run-length BMP of 98 megapixels takes 34 s (its decoder is plain Python);
- each further scan of a 98-megapixel progressive JPEG costs 0.14 s and about 150 bytes;
- a 0.9 MB TIFF of 16 x 16 pixels in one 30,000 x 30,000 tile takes 880 MB of memory;
- 17 MB of tiny Exif segments, PNG chunks or GIF blocks take from 4 s to several minutes.

Everything here is linear in the file's length at worst and reads lengths, never contents.
"""

from PIL import Image

from engine.errors import InputError

MAX_PIXELS = 100_000_000
MAX_SIDE_PX = 65_535

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
_JPEG_START_OF_SCAN = 0xDA
# Markers after which no length stands, or whose length Pillow does not skip.
_JPEG_BARE = {0x00, 0x01, 0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)}


def check_structure(file_format: str, data: bytes) -> None:
    """Refuse a file whose blocks are too many, before a decoder sees it.

    Raises:
        InputError: ``picture_overloaded``.
    """
    checks = {"PNG": _check_png_chunks, "GIF": _check_gif_blocks, "JPEG": _check_jpeg_segments}
    if file_format in checks:
        checks[file_format](data)


def check_header(image: Image.Image, data: bytes) -> None:
    """Refuse a picture whose header asks for too much; no pixel has been decoded yet.

    Args:
        image: just opened, not loaded.
        data: the whole file.

    Raises:
        InputError: too many pixels, too long a side, or too much work for its size.
    """
    width, height = image.size
    if width < 1 or height < 1:
        raise InputError("picture_damaged", format=image.format)
    if width * height > MAX_PIXELS:
        raise too_many_pixels()
    if max(width, height) > MAX_SIDE_PX:
        raise InputError(
            "picture_side_too_long", status=413, width=width, height=height, limit=MAX_SIDE_PX
        )
    if image.format == "BMP" and image.info.get("compression") not in _BMP_UNCOMPRESSED:
        raise InputError("picture_compressed_bmp", status=415)
    if image.format in {"JPEG", "MPO"}:
        # Inside compressed data a byte FF is always followed by 00, so this counts markers only.
        scans = data.count(bytes([0xFF, _JPEG_START_OF_SCAN]))
        if scans * max(width * height, 1_000_000) > _MAX_SCANNED_PIXELS:
            raise _overloaded()
    if image.format == "TIFF":
        _check_tiff_tile(image)


def too_many_pixels() -> InputError:
    """The error for a picture of more than ``MAX_PIXELS`` pixels."""
    limit_megapixels = MAX_PIXELS // 1_000_000
    return InputError("picture_too_many_pixels", status=413, limit=limit_megapixels)


def _overloaded() -> InputError:
    return InputError("picture_overloaded")


def _check_tiff_tile(image: Image.Image) -> None:
    """libtiff keeps one whole tile in memory, however small the picture that it covers."""
    tags = getattr(image, "tag_v2", {})
    tile_width, tile_length = tags.get(_TIFF_TILE_WIDTH, 0), tags.get(_TIFF_TILE_LENGTH, 0)
    if not (isinstance(tile_width, int) and isinstance(tile_length, int)):
        raise InputError("picture_damaged", format="TIFF")
    if tile_width * tile_length > max(_MAX_TILE_PIXELS, image.width * image.height):
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
