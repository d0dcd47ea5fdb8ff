"""TIFFs whose numbers Pillow misreads, cuts to 8 bits or does not know: read as they are.

Floats of 16 to 64 bits, signed and unsigned integers of up to 64, colour planes apart, with or
without compression and predictor. libtiff, through Pillow, undoes the compression: each strip or
tile is handed to it once more as plain bytes, as if it were grey with 8 bits. What those bytes mean
is then told by the file's own tags.

Sources: TIFF 6.0, sections 3 (directories), 14 (predictor), 15 (tiles) and 18 (alpha); Adobe
Photoshop TIFF Technical Note 3 (floating-point predictor); BigTIFF.
"""

import io
import struct
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.pictures.numbers import Numbers, check_bytes
from engine.pictures.tiff_directory import Directory, read_directory

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_FILL_ORDER, _STRIP_OFFSETS, _SAMPLES, _ROWS_PER_STRIP, _STRIP_BYTES = 266, 273, 277, 278, 279
_ORIENTATION, _PLANAR, _PREDICTOR = 274, 284, 317
_TILE_WIDTH, _TILE_LENGTH, _TILE_OFFSETS, _TILE_BYTES = 322, 323, 324, 325
_EXTRA_SAMPLES, _SAMPLE_FORMAT = 338, 339
_ICC_PROFILE = 34675

_WHITE_IS_ZERO, _RGB = 0, 2
_COLOURS = {0: 1, 1: 1, _RGB: 3}  # of the photometric interpretations that are read here
_KINDS = {1: "u", 2: "i", 3: "f", 4: "u"}
_SIZES = {"u": (8, 16, 32, 64), "i": (8, 16, 32, 64), "f": (16, 32, 64)}
_MOST_SAMPLES = 16
_NO_COMPRESSION = 1
# Compressions of bytes as they come: none, LZW, deflate twice, PackBits, LZMA, Zstandard.
_BYTE_COMPRESSIONS = {_NO_COMPRESSION, 5, 8, 32946, 32773, 34925, 50000}
_HORIZONTAL, _FLOATING = 2, 3
_PREMULTIPLIED, _STRAIGHT_ALPHA = 1, 2


@dataclass(frozen=True)
class Layout:
    """How a TIFF's first page stores its numbers.

    Attributes:
        directory: the page's tags.
        size: (H, W).
        dtype: of a sample, in the file's byte order.
        samples: of a pixel; the first ``colours`` of them are grey or RGB.
        planes_apart: all reds, then all greens, and so on.
        predictor: 1 none, 2 differences of neighbours, 3 differences of bytes of floats.
        alpha: 0 none, 1 premultiplied, 2 straight; it is the sample after the colours.
        block: (H, W) of a strip or tile.
    """

    directory: Directory
    size: tuple[int, int]
    dtype: np.dtype
    samples: int
    colours: int
    planes_apart: bool
    predictor: int
    alpha: int
    block: tuple[int, int]

    @property
    def suits_pillow(self) -> bool:
        """Whether Pillow reads it rightly, with all there is to it."""
        bytes_only = self.dtype == np.uint8 and self.samples != 2
        return bytes_only and not (self.directory.is_big and self.directory.order == ">")

    @property
    def orientation(self) -> int:
        """EXIF's 1 to 8."""
        return self.directory.first(_ORIENTATION, 1)

    @property
    def icc_profile(self) -> bytes | None:
        """The colour profile in the file."""
        profile = self.directory.tags.get(_ICC_PROFILE)
        return bytes(value & 255 for value in profile) if profile else None


def read_layout(data: bytes) -> Layout | None:
    """The layout of a TIFF's first page; None where it is of a kind that is not read here.

    Raises:
        struct.error: the file ends before its directory does.
    """
    found = read_directory(data)
    bits, formats = set(found.all(_BITS, 1)), set(found.all(_SAMPLE_FORMAT, 1))
    samples, colours = found.first(_SAMPLES, 1), _COLOURS.get(found.first(_PHOTOMETRIC, -1), 0)
    kind = _KINDS.get(min(formats), "")
    readable = (
        0 < colours <= samples <= _MOST_SAMPLES
        and (len(bits), len(formats)) == (1, 1)
        and min(bits) in _SIZES.get(kind, ())
        and found.first(_FILL_ORDER, 1) == 1
        and found.first(_COMPRESSION, 1) in _BYTE_COMPRESSIONS
    )
    if not readable:
        return None
    height, width = found.first(_HEIGHT, 0), found.first(_WIDTH, 0)
    if _TILE_OFFSETS in found.tags:
        block = found.first(_TILE_LENGTH, 0), found.first(_TILE_WIDTH, 0)
    else:
        block = min(height, found.first(_ROWS_PER_STRIP, height)), width
    extra = found.first(_EXTRA_SAMPLES, 0) if samples > colours else 0
    return Layout(
        directory=found,
        size=(height, width),
        dtype=np.dtype(f"{found.order}{kind}{min(bits) // 8}"),
        samples=samples,
        colours=colours,
        planes_apart=found.first(_PLANAR, 1) == 2 and samples > 1,
        predictor=found.first(_PREDICTOR, 1),
        alpha=extra if extra in (_PREMULTIPLIED, _STRAIGHT_ALPHA) else 0,
        block=block,
    )


def read_numbers(data: bytes, layout: Layout) -> Numbers:
    """All numbers of a TIFF's first page.

    Raises:
        InputError: more than ``numbers.MAX_NUMBER_BYTES`` of them.
        Exception: whatever Pillow and numpy raise on damaged files.
    """
    dtype, used = layout.dtype, layout.colours + (1 if layout.alpha else 0)
    check_bytes(layout.size, layout.samples * dtype.itemsize)
    blocks = _find_blocks(data, layout)
    if layout.planes_apart:
        in_a_plane = len(blocks) // layout.samples
        planes = [
            _read_blocks(blocks[n * in_a_plane : (n + 1) * in_a_plane], layout, 1)
            for n in range(used)
        ]
        pixels = np.concatenate(planes, axis=2)
    else:
        pixels = _read_blocks(blocks, layout, layout.samples)
    small = dtype.kind == "u" and dtype.itemsize < 4
    return Numbers(
        colours=pixels[:, :, : layout.colours],
        container_white=2.0 ** (8 * dtype.itemsize) - 1 if small else 0.0,
        white_is_zero=layout.directory.first(_PHOTOMETRIC, 1) == _WHITE_IS_ZERO,
        alpha=pixels[:, :, layout.colours] if layout.alpha else None,
        full_alpha=float(np.iinfo(dtype).max) if dtype.kind in "ui" else 1.0,
        premultiplied=layout.alpha == _PREMULTIPLIED,
        unseen=layout.samples - used,
    )


def _find_blocks(data: bytes, layout: Layout) -> list[bytes]:
    """The strips or tiles as they lie in the file."""
    tags = layout.directory.tags
    tiled = _TILE_OFFSETS in tags
    offsets = tags[_TILE_OFFSETS if tiled else _STRIP_OFFSETS]
    lengths = tags[_TILE_BYTES if tiled else _STRIP_BYTES]
    if sum(lengths) > len(data):  # blocks that share bytes would be copied without end
        raise ValueError("the blocks hold more bytes than the file")
    return [data[at : at + length] for at, length in zip(offsets, lengths, strict=True)]


def _read_blocks(blocks: list[bytes], layout: Layout, samples: int) -> np.ndarray:
    """Some samples of each pixel, (H, W, ``samples``), in the machine's byte order."""
    height, width = layout.size
    across = -(-width // layout.block[1])
    row_bytes = layout.block[1] * samples * layout.dtype.itemsize
    wrapped = _wrap_as_bytes(blocks, layout, across * row_bytes, row_bytes)
    with Image.open(io.BytesIO(wrapped), formats=("TIFF",)) as image:
        raw = np.asarray(image)  # (H, across * row_bytes)
    values = _undo_predictor(raw.reshape(height * across, row_bytes), layout, samples)
    values = values.reshape(height, across * layout.block[1], samples)[:, :width]
    return values.astype(layout.dtype.newbyteorder("="), copy=False)


def _undo_predictor(rows: np.ndarray, layout: Layout, samples: int) -> np.ndarray:
    """Rows of bytes as numbers, (rows, W * ``samples``)."""
    dtype = layout.dtype
    compressed = layout.directory.first(_COMPRESSION, 1) != _NO_COMPRESSION
    predictor = layout.predictor if compressed else 1
    if predictor == _FLOATING and dtype.kind == "f":
        pixels = rows.reshape(len(rows), -1, samples)
        summed = np.cumsum(pixels, axis=1, dtype=np.uint8).reshape(len(rows), dtype.itemsize, -1)
        # The most significant bytes of a row come first, whatever the file's byte order.
        together = np.ascontiguousarray(summed.transpose(0, 2, 1))
        return together.view(dtype.newbyteorder(">"))[:, :, 0]
    values = rows.view(dtype)
    if predictor == _HORIZONTAL and dtype.kind in "ui":
        native = values.astype(dtype.newbyteorder("="))
        pixels = native.reshape(len(rows), -1, samples)
        return np.cumsum(pixels, axis=1, dtype=native.dtype).reshape(len(rows), -1)
    return values


def _wrap_as_bytes(
    blocks: list[bytes], layout: Layout, width_bytes: int, block_bytes: int
) -> bytes:
    """A TIFF of grey bytes with the same blocks."""
    tiled = _TILE_OFFSETS in layout.directory.tags
    starts = np.cumsum([8, *map(len, blocks)])[:-1].tolist()
    sizes = [len(block) for block in blocks]
    tags = {
        _WIDTH: [width_bytes],
        _HEIGHT: [layout.size[0]],
        _BITS: [8],
        _COMPRESSION: [layout.directory.first(_COMPRESSION, 1)],
        _PHOTOMETRIC: [1],
        _SAMPLES: [1],
    }
    if tiled:
        tags |= {_TILE_WIDTH: [block_bytes], _TILE_LENGTH: [layout.block[0]]}
        tags |= {_TILE_OFFSETS: starts, _TILE_BYTES: sizes}
    else:
        tags |= {_ROWS_PER_STRIP: [layout.block[0]], _STRIP_OFFSETS: starts, _STRIP_BYTES: sizes}
    return _write_tiff(layout.directory.order, b"".join(blocks), tags)


def _write_tiff(order: str, body: bytes, tags: dict[int, list[int]]) -> bytes:
    """A classic TIFF: header, ``body``, values that are no single number, directory."""
    out = bytearray(body)
    entries = []
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(values)}I", *values)
        if len(values) > 1:
            at = 8 + len(out)
            out += packed
            packed = struct.pack(f"{order}I", at)
        entries.append(struct.pack(f"{order}HHI", tag, 4, len(values)) + packed)
    mark = b"II*\0" if order == "<" else b"MM\0*"
    header = mark + struct.pack(f"{order}I", 8 + len(out))
    count = struct.pack(f"{order}H", len(entries))
    return header + bytes(out) + count + b"".join(entries) + bytes(4)
