"""PNG and JPEG: a picture as files, what they lose, and a JPEG opened at one block."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from engine.serving.binary import pack
from engine.serving.png_jpeg.again import save_over
from engine.serving.png_jpeg.compute import compare, look_into, weigh_subjects
from engine.serving.png_jpeg.contract import (
    AgainQuestion,
    BlockQuestion,
    PngQuestion,
    Question,
    SubjectsQuestion,
)
from engine.serving.png_jpeg.png import open_rows

LIGHT = True
router = APIRouter(prefix="/png-jpeg", tags=["pages"])


@router.get("", response_class=Response)
def get_encode(asked: Annotated[Question, Query()]) -> Response:
    """A copy of the picture of at most half a megapixel, written by Pillow and read again.

    ``pixels`` uint8 (H, W, 3), what the file decodes to; ``error`` uint8 (H, W), the largest
    difference of a pixel's channels; ``other`` uint8 (H, W, 3), the encode that it is held
    against. ``about.shown`` and ``about.other``: ``file_bytes``, ``bits_per_pixel``, ``psnr_db``
    (null where nothing was lost), ``ssim`` (null where a side is below 3 px), ``worst`` in levels
    of 255, and Pillow's ``call``.

    Bound: 3 s of a core, 150 MiB.
    """
    return pack(*compare(asked))


@router.get("/subjects")
def get_subjects(asked: Annotated[SubjectsQuestion, Query()]) -> dict[str, list[dict[str, Any]]]:
    """The picture, a drawing, a screenshot and noise, each as PNG and as JPEG of quality 90.

    Bound: 5 s of a core, 150 MiB.
    """
    return {"subjects": weigh_subjects(asked)}


@router.get("/png", response_class=Response)
def get_png(asked: Annotated[PngQuestion, Query()]) -> Response:
    """A PNG of a copy of at most 160 pixels a side, read by our own code.

    ``pixels`` uint8 (H, W, 3); ``rest`` uint8 (H, W, 3), what the filters left to be told, plus
    128; ``bits`` float32 (H, W), what each pixel took of its 24. By row: ``kinds`` uint8 (H,), its
    filter's place in ``about.filters``; ``row_bits`` float64; ``literals`` and ``copies`` int32,
    bytes told as they are and copies that begin there; ``copied`` float64, the share of its bytes
    that were copied. ``about.if_all``: bytes of the stream if all rows had the same filter.

    Bound: 3 s of a core, 100 MiB.
    """
    return pack(*open_rows(asked))


@router.get("/again", response_class=Response)
def get_generation(asked: Annotated[AgainQuestion, Query()]) -> Response:
    """A JPEG opened and saved again, up to ten times.

    ``first`` and ``pixels`` uint8 (h, w, 3), the first generation and the one asked for;
    ``psnr_nothing``, ``psnr_quality``, ``psnr_crop`` float64 (10,) in dB against the same pixels of
    the original (99 where nothing was lost), by what happens between two saves.

    Bound: 3 s of a core, 200 MiB.
    """
    return pack(*save_over(asked))


@router.get("/block", response_class=Response)
def get_block(asked: Annotated[BlockQuestion, Query()]) -> Response:
    """One block of 8 × 8 on its way into a JPEG file and back, all (8, 8), rows from above.

    ``samples`` uint8; ``coefficients`` float32, the cosine transform of samples − 128; ``table``
    int32, the file's steps; ``quantised`` int32, as the file holds them; ``restored`` int32, times
    the steps; ``back`` uint8. ``source`` and ``shown`` uint8 (h, w, 3) are the block's pixels
    before, and as libjpeg decodes them; ``picture`` uint8 (H, W, 3). ``about.bits``: what the block
    takes in the file.

    Bound: 1 s of a core, 50 MiB.
    """
    return pack(*look_into(asked))
