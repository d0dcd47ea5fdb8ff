"""From a baseline JPEG file to pixels: all blocks at once."""

import numpy as np

from engine.codecs.jpeg.colour import grow, ycc_to_rgb
from engine.codecs.jpeg.huffman import Plane, read_planes
from engine.codecs.jpeg.segments import JpegFile, read_segments
from engine.codecs.jpeg.transform import BLOCK, to_samples


def decode_jpeg(data: bytes) -> np.ndarray:
    """uint8 (H, W, 3): what the file shows, within two levels of libjpeg.

    Args:
        data: a baseline file of Y, Cb and Cr, as Pillow writes it.

    Raises:
        ValueError: a file of another kind, or a damaged one.
    """
    file = read_segments(data)
    return pixels_of(file, read_planes(file))


def pixels_of(file: JpegFile, planes: list[Plane]) -> np.ndarray:
    """uint8 (H, W, 3) of quantised blocks: times the steps, waves summed, chroma grown, RGB."""
    height, width = file.size
    most_down = max(each.down for each in file.components)
    most_across = max(each.across for each in file.components)
    full = []
    for each, plane in zip(file.components, planes, strict=True):
        factors = most_down // each.down, most_across // each.across
        samples = joined(to_samples(plane.blocks * file.tables[each.quantisation]))
        own = samples[: -(-height // factors[0]), : -(-width // factors[1])]
        full.append(grow(own, factors)[:height, :width])
    return ycc_to_rgb(np.stack(full, axis=-1))


def joined(blocks: np.ndarray) -> np.ndarray:
    """(rows · 8, columns · 8) of (rows, columns, 8, 8)."""
    rows, columns = blocks.shape[:2]
    return blocks.swapaxes(1, 2).reshape(rows * BLOCK, columns * BLOCK)
