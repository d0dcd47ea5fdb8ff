"""Any pixel layout, made RGB with 8 bits a channel, on white, in bands.

Bands of rows keep memory bounded: only one band exists in the wide intermediate form.
Sources: Pillow's concepts ("modes"); TIFF 6.0, tag 262 (PhotometricInterpretation); PNG, sections
11.3.2.1 (transparency) and 13.12 (sample depth rescaling).
"""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image

from engine.errors import InputError
from engine.pictures.numbers import Numbers
from engine.pictures.picture import Note
from engine.pictures.value_range import ValueRange, find_range

_BAND_PIXELS, _DEEP_BAND_PIXELS = 4_000_000, 500_000
_PLAIN_MODES = {"1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr"}
_SEE_THROUGH_MODES = {"LA", "La", "PA", "RGBA", "RGBa"}
_DEEP_MODES = {"I", "F"}
_EIGHT_BIT_WHITE = 255
_BITS_PER_SAMPLE, _PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0

# Rows from top to bottom of the source, made RGB; True where something of it was transparent.
_ToRGB = Callable[[int, int], tuple[Image.Image, bool]]


def flatten(image: Image.Image, factor: int) -> tuple[Image.Image, list[Note]]:
    """A loaded image as RGB, its sides divided by ``factor`` by averaging, laid on white.

    Args:
        image: any mode; numbers of more than 8 bits are shown as ``value_range`` says.
        factor: a whole number >= 1; sides are rounded up.

    Returns:
        The RGB image, and notes on what was done to its values.

    Raises:
        InputError: NaN or infinite values, or a colour model that has no RGB equivalent here.
    """
    if image.mode in _DEEP_MODES or image.mode.startswith("I;16"):
        return _flatten_deep(image, factor)
    convert, notes = _choose_conversion(image)

    def to_rgb(top: int, bottom: int) -> tuple[Image.Image, bool]:
        return convert(image.crop((0, top, image.width, bottom)))

    return _in_bands(image.size, factor, to_rgb, notes)


def flatten_numbers(numbers: Numbers, factor: int) -> tuple[Image.Image, list[Note]]:
    """As :func:`flatten`, for numbers that no image of Pillow can hold."""
    values, alpha = numbers.colours, numbers.alpha
    height, width, _ = values.shape
    shown = _range_of(values, numbers.container_white)
    opaque = ValueRange(0.0, numbers.full_alpha)

    def to_rgb(top: int, bottom: int) -> tuple[Image.Image, bool]:
        scaled = shown.to_bytes(values[top:bottom])
        if numbers.white_is_zero:
            scaled = 255 - scaled
        band = Image.fromarray(np.broadcast_to(scaled, (bottom - top, width, 3)).copy())
        if alpha is None:
            return band, False
        layers = [*band.split(), Image.fromarray(opaque.to_bytes(alpha[top:bottom]))]
        return _on_white(Image.merge("RGBa" if numbers.premultiplied else "RGBA", layers))

    return _in_bands((width, height), factor, to_rgb, list(shown.notes), _DEEP_BAND_PIXELS)


def _flatten_deep(image: Image.Image, factor: int) -> tuple[Image.Image, list[Note]]:
    """Grey of 12, 16 or 32 bits or floats; Pillow's own conversion would clip at 255."""
    container_white = 0.0
    if image.mode.startswith("I;16"):
        bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE, (16,))[0]
        container_white = 2.0**bits - 1
    low, high = (float(end) for end in image.getextrema())  # type: ignore[arg-type]
    shown = _range_between(low, high, "f" if image.mode == "F" else "i", container_white)
    inverted = getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    clear_value = image.info.get("transparency")

    def to_rgb(top: int, bottom: int) -> tuple[Image.Image, bool]:
        values = np.asarray(image.crop((0, top, image.width, bottom)))
        scaled = shown.to_bytes(values)
        if inverted:
            scaled = 255 - scaled
        clear = values == clear_value if clear_value is not None else np.zeros_like(values, bool)
        scaled[clear] = 255
        return Image.fromarray(scaled).convert("RGB"), bool(clear.any())

    return _in_bands(image.size, factor, to_rgb, list(shown.notes), _DEEP_BAND_PIXELS)


def _range_of(values: np.ndarray, container_white: float) -> ValueRange:
    if 0 < container_white <= _EIGHT_BIT_WHITE:
        return ValueRange(0.0, container_white)
    low, high = float(values.min()), float(values.max())
    return _range_between(low, high, values.dtype.kind, container_white)


def _range_between(low: float, high: float, kind: str, container_white: float) -> ValueRange:
    if not (math.isfinite(low) and math.isfinite(high)):
        raise InputError("picture_not_finite")
    return find_range(low, high, kind, container_white)


def _in_bands(
    size: tuple[int, int],
    factor: int,
    to_rgb: _ToRGB,
    notes: list[Note],
    band_pixels: int = _BAND_PIXELS,
) -> tuple[Image.Image, list[Note]]:
    width, height = size
    out = Image.new("RGB", (math.ceil(width / factor), math.ceil(height / factor)))
    out_rows = max(1, band_pixels // (width * factor))
    any_transparent = False
    for out_top in range(0, out.height, out_rows):
        bottom = min(height, (out_top + out_rows) * factor)
        band, transparent = to_rgb(out_top * factor, bottom)
        out.paste(band.reduce(factor), (0, out_top))
        any_transparent |= transparent
    if any_transparent:
        notes.append(Note("laid_on_white"))
    return out, notes


def _choose_conversion(
    image: Image.Image,
) -> tuple[Callable[[Image.Image], tuple[Image.Image, bool]], list[Note]]:
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
