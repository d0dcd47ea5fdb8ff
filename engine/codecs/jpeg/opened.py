"""One block of 8 × 8 with each step of its way into a JPEG file and back."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.codecs.encoders import decode, encode
from engine.codecs.jpeg.colour import FACTORS, rgb_to_ycc, shrink
from engine.codecs.jpeg.decoding import pixels_of
from engine.codecs.jpeg.huffman import read_planes
from engine.codecs.jpeg.segments import read_segments
from engine.codecs.jpeg.transform import BLOCK, dct, quantise, to_samples
from engine.pictures import crop

COMPONENTS = ("y", "cb", "cr")


@dataclass(frozen=True, eq=False)
class OpenedBlock:
    """A block on its way; all arrays (8, 8), rows from above.

    Attributes:
        box: (x1, y1, x2, y2), the pixels of the picture that it stands for, half-open; a block at
            the border may reach beyond it.
        samples: uint8, the component's values: of chroma each may be the mean of several pixels.
        coefficients: float64, the cosine transform of the samples minus 128.
        table: int32, the file's own steps.
        quantised: int32, as the file holds them.
        off: how many of them are not what rounding our coefficients gives: libjpeg reckons with
            whole numbers, so that a half can fall to either side.
        restored: int32, quantised times table.
        back: uint8, what becomes of the samples.
        bits: what the block takes in the file.
        source, shown: uint8 (h, w, 3), the box's pixels before, and as libjpeg decodes them.
        apart: the largest difference between our decoder and libjpeg around the block, in levels.
    """

    box: tuple[int, int, int, int]
    samples: np.ndarray
    coefficients: np.ndarray
    table: np.ndarray
    quantised: np.ndarray
    off: int
    restored: np.ndarray
    back: np.ndarray
    bits: int
    source: np.ndarray
    shown: np.ndarray
    apart: int


def open_block(
    pixels: np.ndarray, quality: int, chroma: str, component: str, at: tuple[int, int]
) -> OpenedBlock:
    """The block of a component that a pixel lies in.

    JPEG treats each block for itself, so that a file of the neighbourhood alone, cut where the
    whole file's blocks begin, holds the same numbers as a file of the whole picture; only a
    block's bits depend on the one before it, whose mean its own is told against.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        quality: 1 to 100.
        chroma: "4:4:4", "4:2:2" or "4:2:0".
        component: "y", "cb" or "cr".
        at: (row, column) of the pixel, within the picture.

    Raises:
        InputError: a quality out of range.
    """
    factors = FACTORS[chroma]
    unit = BLOCK * factors[0], BLOCK * factors[1]
    x1, y1, x2, y2 = _neighbourhood((pixels.shape[0], pixels.shape[1]), unit, at)
    cut = crop(pixels, (x1, y1, x2, y2)).pixels
    data = encode(cut, "jpeg", quality, chroma)
    file = read_segments(data)
    planes, decoded = read_planes(file), decode(data)
    k = COMPONENTS.index(component)
    own = factors if k else (1, 1)
    row, column = ((at[i] - (y1, x1)[i]) // (BLOCK * own[i]) for i in (0, 1))
    samples = _samples(cut, unit, own, k)[
        row * BLOCK : (row + 1) * BLOCK, column * BLOCK : (column + 1) * BLOCK
    ]
    coefficients = dct(samples.astype(np.float64) - 128)
    table = _table_of(data, min(k, 1))
    quantised = planes[k].blocks[row, column]
    restored = quantised * table
    left, top = column * BLOCK * own[1], row * BLOCK * own[0]
    right, bottom = left + BLOCK * own[1], top + BLOCK * own[0]
    return OpenedBlock(
        box=(x1 + left, y1 + top, x1 + right, y1 + bottom),
        samples=samples,
        coefficients=coefficients,
        table=table,
        quantised=quantised,
        off=int(np.count_nonzero(quantise(coefficients, table) != quantised)),
        restored=restored,
        back=to_samples(restored),
        bits=int(planes[k].bits[row, column]),
        source=cut[top:bottom, left:right],
        shown=decoded[top:bottom, left:right],
        apart=int(np.abs(pixels_of(file, planes).astype(int) - decoded).max()),
    )


def _neighbourhood(
    size: tuple[int, int], unit: tuple[int, int], at: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The unit (the least area that holds whole blocks of all components) with those around it."""
    first = [max(0, (at[i] // unit[i] - 1) * unit[i]) for i in (0, 1)]
    last = [min(size[i], (at[i] // unit[i] + 2) * unit[i]) for i in (0, 1)]
    return first[1], first[0], last[1], last[0]


def _samples(cut: np.ndarray, unit: tuple[int, int], own: tuple[int, int], k: int) -> np.ndarray:
    """The component's plane, its borders repeated until whole units are full."""
    height, width = cut.shape[:2]
    filled = np.pad(cut, ((0, -height % unit[0]), (0, -width % unit[1]), (0, 0)), "edge")
    return shrink(rgb_to_ycc(filled)[..., k], own)


def _table_of(data: bytes, number: int) -> np.ndarray:
    """int32 (8, 8): the file's own steps, as Pillow reads them."""
    with Image.open(io.BytesIO(data)) as image:
        return np.array(image.quantization[number], np.int32).reshape(BLOCK, BLOCK)  # type: ignore[attr-defined]
