"""A small PNG with each row's filter, what it left to be told, and what deflate made of that."""

import zlib
from dataclasses import dataclass

import numpy as np

from engine.codecs.encoders import PNG_LEVEL, encode
from engine.codecs.png.chunks import read_chunks
from engine.codecs.png.filters import FILTERS, filtered, unfiltered
from engine.codecs.png.inflate import Inflated, inflate


@dataclass(frozen=True, eq=False)
class OpenedPng:
    """A PNG file as Pillow wrote it.

    Attributes:
        file_bytes: its length.
        kinds: uint8 (H,), each row's filter, its place in :data:`FILTERS`.
        lines: uint8 (H, W, 3), what the filters left, modulo 256.
        bits: float32 (H, W), what each pixel took, of 24.
        row_bits: float64 (H,), what each row took with its filter's number.
        copies: int32 (H,), how many copies begin in a row.
        literals: int32 (H,), how many bytes of it are told as they are.
        copied: float64 (H,), the share of its bytes that were copied.
        table_bits: headers and tables of codes.
        pixels: uint8 (H, W, 3), as our reader has them.
        if_all: bytes of the zlib stream if every row had the same filter, by :data:`FILTERS`.
    """

    file_bytes: int
    kinds: np.ndarray
    lines: np.ndarray
    bits: np.ndarray
    row_bits: np.ndarray
    copies: np.ndarray
    literals: np.ndarray
    copied: np.ndarray
    table_bits: int
    pixels: np.ndarray
    if_all: tuple[int, ...]
    stream_bytes: int


def open_png(pixels: np.ndarray) -> OpenedPng:
    """Pillow's PNG of a picture, uint8 (H, W, 3), read again by our own code."""
    data = encode(pixels, "png", 100)
    file = read_chunks(data)
    height, width = file.size
    told = inflate(file.stream)
    by_row = _by_row(told, height)
    kinds, lines = told.data.reshape(height, -1)[:, 0], told.data.reshape(height, -1)[:, 1:]
    rows = unfiltered(kinds, lines)
    bits, back, starts = by_row
    return OpenedPng(
        file_bytes=len(data),
        kinds=kinds,
        lines=lines.reshape(height, width, 3),
        bits=bits[:, 1:].reshape(height, width, 3).sum(axis=2),
        row_bits=bits.sum(axis=1, dtype=np.float64),
        copies=(starts & (back > 0)).sum(axis=1).astype(np.int32),
        literals=(back == 0).sum(axis=1).astype(np.int32),
        copied=(back > 0).mean(axis=1),
        table_bits=told.table_bits,
        pixels=rows.reshape(height, width, 3),
        if_all=tuple(_stream_bytes(name, rows) for name in FILTERS),
        stream_bytes=len(file.stream),
    )


def _by_row(told: Inflated, height: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    bits, back, starts = told.bits, told.copied_from, told.starts
    return bits.reshape(height, -1), back.reshape(height, -1), starts.reshape(height, -1)


def _stream_bytes(name: str, rows: np.ndarray) -> int:
    kinds = np.full((len(rows), 1), FILTERS.index(name), np.uint8)
    return len(zlib.compress(np.hstack([kinds, filtered(name, rows)]).tobytes(), PNG_LEVEL))
