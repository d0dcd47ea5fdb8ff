"""Encodes as the page asks for them: kept for a while, since a hand comes back to them."""

import math
from typing import Any, get_args

import numpy as np

from engine.cache import Cache
from engine.codecs.encoders import LOSSLESS, Measured, available_forms, measure, options_of
from engine.codecs.jpeg.colour import FACTORS
from engine.codecs.jpeg.opened import open_block
from engine.codecs.subjects import subject_pixels
from engine.pictures import resolve
from engine.serving.png_jpeg.contract import BlockQuestion, Question, Subject, SubjectsQuestion

COMPARED_QUALITY = 90  # of the JPEG beside each PNG
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]
_kept: Cache[Measured] = Cache(48)


def pixels_asked(picture: str, subject: str) -> np.ndarray:
    """uint8 (H, W, 3): what is compressed, at most half a megapixel.

    Raises:
        InputError: no such picture (404).
    """
    return subject_pixels(subject, resolve(picture).pixels)


def measured(picture: str, subject: str, form: str, quality: int) -> Measured:
    """One encode of what is asked for.

    Raises:
        InputError: no such picture, or a form that this Pillow cannot write.
    """
    what = picture if subject == "own" else subject
    key = (what, subject, form, 0 if form in LOSSLESS else quality)
    return _kept.get(key, lambda: measure(pixels_asked(picture, subject), form, quality))


def compare(asked: Question) -> Answer:
    """The encode, what it lost, and the one that it is held against.

    Raises:
        InputError: as :func:`measured`.
    """
    own = resolve(asked.picture)
    shown = measured(asked.picture, asked.subject, asked.form, asked.quality)
    other = measured(asked.picture, asked.subject, asked.against, asked.against_quality)
    arrays = {"pixels": shown.pixels, "error": shown.error, "other": other.pixels}
    forms = list(available_forms())
    about = {
        "size": shown.error.shape,
        "original_size": own.original_size if asked.subject == "own" else shown.error.shape,
        "raw_bytes": shown.pixels.nbytes,
        "shown": told(shown, asked.form, asked.quality),
        "other": told(other, asked.against, asked.against_quality),
        "limits": {
            "form": {"options": forms},
            "against": {"options": forms},
            "quality": {"disabled": asked.form in LOSSLESS},
            "against_quality": {"disabled": asked.against in LOSSLESS},
        },
    }
    return arrays, about


def told(found: Measured, form: str, quality: int) -> dict[str, Any]:
    """An encode in numbers; JSON has no infinity, so that an exact one has no PSNR."""
    return {
        "form": form,
        "quality": None if form in LOSSLESS else quality,
        "file_bytes": found.file_bytes,
        "bits_per_pixel": found.bits_per_pixel,
        "psnr_db": None if math.isinf(found.psnr_db) else found.psnr_db,
        "ssim": found.ssim,
        "worst": int(found.error.max()),
        "call": _call(form, quality),
    }


def _call(form: str, quality: int) -> str:
    options = ", ".join(f"{name}={value!r}" for name, value in options_of(form, quality).items())
    return f'image.save(file, "{form.upper()}", {options})'


def weigh_subjects(asked: SubjectsQuestion) -> list[dict[str, Any]]:
    """Each subject as PNG and as JPEG of quality 90, and which of the files is the smaller one.

    Raises:
        InputError: no such picture.
    """
    found = []
    for subject in get_args(Subject):
        png = measured(asked.picture, subject, "png", COMPARED_QUALITY)
        jpeg = measured(asked.picture, subject, "jpeg", COMPARED_QUALITY)
        found.append(
            {
                "subject": subject,
                "raw_bytes": png.pixels.nbytes,
                "png": told(png, "png", COMPARED_QUALITY),
                "jpeg": told(jpeg, "jpeg", COMPARED_QUALITY),
                "smaller": "png" if png.file_bytes < jpeg.file_bytes else "jpeg",
            }
        )
    return found


def look_into(asked: BlockQuestion) -> Answer:
    """One block of a JPEG file with every step.

    Raises:
        InputError: no such picture.
    """
    pixels = pixels_asked(asked.picture, asked.subject)
    height, width = pixels.shape[:2]
    across, down = (int(part) for part in asked.place.split(","))
    at = (down * height // 1000, across * width // 1000)
    found = open_block(pixels, asked.block_quality, asked.chroma, asked.component, at)
    arrays = {
        "picture": pixels,
        "samples": found.samples,
        "coefficients": found.coefficients.astype(np.float32),
        "table": found.table,
        "quantised": found.quantised,
        "restored": found.restored,
        "back": found.back,
        "source": found.source,
        "shown": found.shown,
    }
    factors = (1, 1) if asked.component == "y" else FACTORS[asked.chroma]
    about = {
        "size": (height, width),
        "box": found.box,
        "factors": factors,
        "bits": found.bits,
        "left": int(np.count_nonzero(found.quantised)),
        "off": found.off,
        "apart": found.apart,
        "worst": int(np.abs(found.back.astype(int) - found.samples).max()),
        "limits": {},
    }
    return arrays, about
