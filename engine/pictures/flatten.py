"""Any pixel layout that Pillow decodes, made RGB with 8 bits a channel, on white, in bands.

Bands of rows keep memory bounded: only one band exists in the wide intermediate form.
Sources: Pillow's concepts ("modes"); TIFF 6.0, tags 258 (BitsPerSample) and 262
(PhotometricInterpretation); PNG, section 13.12 (sample depth rescaling).
"""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image

from engine.errors import InputError
from engine.pictures.picture import Note

_BAND_PIXELS = 4_000_000
_BITS_PER_SAMPLE, _PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0
_PLAIN_MODES = {"1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr"}
_SEE_THROUGH_MODES = {"LA", "La", "PA", "RGBA", "RGBa"}

# A band of the source, made RGB; True where something of it was transparent.
_ToRGB = Callable[[Image.Image], tuple[Image.Image, bool]]


def flatten(image: Image.Image, factor: int) -> tuple[Image.Image, list[Note]]:
    """A loaded image as RGB, its sides divided by ``factor`` by averaging, laid on white.

    Args:
        image: any mode; 16-bit grey is rescaled, 32-bit integers and floats are stretched.
        factor: a whole number >= 1; sides are rounded up.

    Returns:
        The RGB image, and notes on what was done to its values.

    Raises:
        InputError: NaN or infinite values, or a colour model that has no RGB equivalent here.
    """
    to_rgb, notes = _choose_conversion(image)
    width, height = image.size
    out = Image.new("RGB", (math.ceil(width / factor), math.ceil(height / factor)))
    out_rows = max(1, _BAND_PIXELS // (width * factor))
    any_transparent = False
    for out_top in range(0, out.height, out_rows):
        bottom = min(height, (out_top + out_rows) * factor)
        band, transparent = to_rgb(image.crop((0, out_top * factor, width, bottom)))
        out.paste(band.reduce(factor), (0, out_top))
        any_transparent |= transparent
    if any_transparent:
        notes.append(Note("laid_on_white"))
    return out, notes


def _choose_conversion(image: Image.Image) -> tuple[_ToRGB, list[Note]]:
    if image.mode.startswith("I;16"):
        return _sixteen_bit_conversion(image), []
    if image.mode in {"I", "F"}:
        return _stretch_conversion(image)
    if image.mode in _SEE_THROUGH_MODES or "transparency" in image.info:
        return _on_white, []
    if image.mode not in _PLAIN_MODES:
        raise InputError("picture_unusual", status=415, mode=image.mode)
    notes = [Note("cmyk")] if image.mode == "CMYK" else []
    return (lambda band: (band.convert("RGB"), False)), notes


def _on_white(band: Image.Image) -> tuple[Image.Image, bool]:
    # Pillow has no direct way from premultiplied grey to RGBA.
    rgba = (band.convert("LA") if band.mode == "La" else band).convert("RGBA")
    alpha = rgba.getchannel("A")
    lowest, _ = alpha.getextrema()
    white = Image.new("RGB", band.size, "white")
    white.paste(rgba, mask=alpha)
    return white, lowest != 255


def _sixteen_bit_conversion(image: Image.Image) -> _ToRGB:
    """Rounds ``value / full * 255``; Pillow's own conversion would clip at 255."""
    tags = getattr(image, "tag_v2", {})  # only a TIFF has tags
    bits = tags.get(_BITS_PER_SAMPLE, (16,))[0]
    full = 2**bits - 1
    inverted = tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    clear_value = image.info.get("transparency")

    def to_rgb(band: Image.Image) -> tuple[Image.Image, bool]:
        values = np.asarray(band).astype(np.uint32)
        scaled = ((np.minimum(values, full) * 255 + full // 2) // full).astype(np.uint8)
        if inverted:
            scaled = 255 - scaled
        clear = values == clear_value if clear_value is not None else np.zeros_like(values, bool)
        scaled[clear] = 255
        return Image.fromarray(scaled).convert("RGB"), bool(clear.any())

    return to_rgb


def _stretch_conversion(image: Image.Image) -> tuple[_ToRGB, list[Note]]:
    """32-bit integers and floats have no fixed white: take 1 or 255 where it fits, else stretch."""
    low, high = (float(end) for end in image.getextrema())  # type: ignore[arg-type]
    notes = []
    if image.mode == "F" and low >= 0 and high <= 1:
        black, white = 0.0, 1.0
    elif low >= 0 and high <= 255:
        black, white = 0.0, 255.0
    else:
        black, white = low, high
        notes.append(Note("stretched", {"low": f"{low:g}", "high": f"{high:g}"}))

    def to_rgb(band: Image.Image) -> tuple[Image.Image, bool]:
        values = np.asarray(band)
        if not np.isfinite(values).all():
            raise InputError("picture_not_finite")
        shares = (values.astype(np.float64) - black) / ((white - black) or 1.0)
        return Image.fromarray(np.rint(shares * 255).astype(np.uint8)).convert("RGB"), False

    return to_rgb, notes
