"""Pillow's encoders called as anybody would, and what comes back measured.

Sources: Pillow's writers (libjpeg-turbo, libwebp, libavif, zlib); PSNR as in
``skimage.metrics.peak_signal_noise_ratio``.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, features

from engine.codecs.likeness import ssim
from engine.errors import InputError
from engine.pictures import error_map, psnr_db

FORMS = ("jpeg", "webp", "avif", "png")
LOSSLESS = frozenset({"png"})
MIN_QUALITY, MAX_QUALITY = 1, 100
WEBP_METHOD = 2  # of 0 to 6, Pillow's default 4: slower ones make slightly smaller files
AVIF_SPEED = 10  # of 0 to 10, Pillow's default 6: the fastest, so that it answers to a hand
PNG_LEVEL = 6  # of zlib


@dataclass(frozen=True, eq=False)
class Measured:
    """A picture written as a file and read again.

    Attributes:
        file_bytes: the file's length.
        pixels: uint8 (H, W, 3), what the file decodes to.
        error: uint8 (H, W), the largest difference of a pixel's channels.
        psnr_db: against the original; infinite where nothing was lost.
        ssim: of [-1, 1], the mean of the channels; None where a side is below 3 px.
    """

    file_bytes: int
    pixels: np.ndarray
    error: np.ndarray
    psnr_db: float
    ssim: float | None

    @property
    def bits_per_pixel(self) -> float:
        """The file's bits over the picture's pixels."""
        return 8 * self.file_bytes / self.error.size


def available_forms() -> tuple[str, ...]:
    """Those of :data:`FORMS` that this Pillow can write: AVIF is not in every build."""
    return tuple(form for form in FORMS if form != "avif" or features.check("avif"))


def options_of(form: str, quality: int, chroma: str = "4:2:0") -> dict[str, Any]:
    """What Pillow's ``save`` is given beside the name of the format.

    Args:
        form: one of :data:`FORMS`.
        quality: 1 to 100; of no meaning to PNG.
        chroma: "4:4:4", "4:2:2" or "4:2:0"; of JPEG alone.
    """
    return {
        "jpeg": {"quality": quality, "subsampling": chroma},
        "webp": {"quality": quality, "method": WEBP_METHOD},
        "avif": {"quality": quality, "speed": AVIF_SPEED},
        "png": {"compress_level": PNG_LEVEL},
    }[form]


def encode(pixels: np.ndarray, form: str, quality: int, chroma: str = "4:2:0") -> bytes:
    """A real file of the picture.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        form, quality, chroma: as of :func:`options_of`.

    Raises:
        InputError: a quality out of range, or a form that this Pillow cannot write.
    """
    if not MIN_QUALITY <= quality <= MAX_QUALITY:
        raise InputError(
            "value_out_of_range", name="quality", low=MIN_QUALITY, high=MAX_QUALITY, value=quality
        )
    forms = available_forms()
    if form not in forms:
        raise InputError("value_not_a_choice", name="form", choices=", ".join(forms), value=form)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, form.upper(), **options_of(form, quality, chroma))
    return buffer.getvalue()


def decode(data: bytes) -> np.ndarray:
    """uint8 (H, W, 3) of a file that :func:`encode` wrote."""
    with Image.open(io.BytesIO(data), formats=tuple(form.upper() for form in FORMS)) as image:
        return np.array(image.convert("RGB"))


def measure(pixels: np.ndarray, form: str, quality: int) -> Measured:
    """The picture written and read again, and what was lost on the way.

    Raises:
        InputError: as :func:`encode`.
    """
    data = encode(pixels, form, quality)
    back = decode(data)
    return Measured(
        file_bytes=len(data),
        pixels=back,
        error=error_map(pixels, back),
        psnr_db=psnr_db(pixels, back),
        ssim=ssim(pixels, back),
    )
