"""Pixels as the page and the API ask for it: so many pixels, so many bits, these channels.

What a raster looks like and what it weighs are asked for apart: a picture must follow the hand,
while writing real files takes longer and may come after the picture.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from engine.cache import Cache
from engine.pictures import (
    Encoded,
    Picture,
    histogram,
    measure_jpeg,
    measure_png,
    mix_channels,
    quantise,
    resize_longest,
    split_channels,
)
from engine.serving.pixels.contract import Question

JPEG_QUALITIES = (90, 50)
WHITE = 255
MAP_SIDE_PX = 96  # of the small maps, one a channel
_KEPT_WEIGHTS = 128


@dataclass(frozen=True)
class Setting:
    """Everything that a learner can set, but for the picture and where they look.

    Attributes:
        resolution_px: longest side; the picture's own where that is less.
        bits: per pixel, one of ``engine.pictures.BITS_PER_PIXEL``.
        dither: at 1 bit, spread each pixel's error over its neighbours.
        channels: at 24 bits, which are kept, such as "rg"; "none" keeps none.
    """

    resolution_px: int
    bits: int
    dither: bool
    channels: str

    def settled(self, picture: Picture) -> "Setting":
        """The same without what means nothing at this bit depth or for this picture's size."""
        return replace(
            self,
            resolution_px=min(self.resolution_px, max(picture.pixels.shape[:2])),
            dither=self.dither and self.bits == 1,
            channels=self.channels if self.bits == 24 else "rgb",
        )


def setting_of(asked: Question) -> Setting:
    """The same as the engine reads it."""
    return Setting(asked.resolution, int(asked.bits), asked.dither, asked.channels)


@dataclass(frozen=True, eq=False)
class Raster:
    """A picture at a :class:`Setting`.

    Attributes:
        pixels: uint8 (H, W, 3), RGB as shown; channels that are left out are 0.
        values: uint8 (H, W, C), what a pixel holds: one bit, one grey from 0 to 255, or three
            values from 0 to 255.
        maps: uint8 (3, h, w), all channels apart, small, left out or not.
        counts: int64 (C, 2) for one bit, else (C, 256): how many pixels have each value, in all
            channels, left out or not.
        bitmap_bytes: what the bare bitmap takes.
    """

    pixels: np.ndarray
    values: np.ndarray
    maps: np.ndarray
    counts: np.ndarray
    bitmap_bytes: int


def draw_raster(picture: Picture, setting: Setting) -> Raster:
    """The picture resampled by area, cut to the bit depth, with only the chosen channels.

    Raises:
        InputError: a resolution below 1 pixel or an unknown bit depth.
    """
    setting = setting.settled(picture)
    quantised = quantise(
        resize_longest(picture.pixels, setting.resolution_px), setting.bits, setting.dither
    )
    pixels = _mixed(quantised.pixels, setting.channels)
    values = _values(pixels, setting.bits)
    counted = _values(quantised.pixels, setting.bits)
    return Raster(
        pixels=pixels,
        values=values,
        maps=split_channels(resize_longest(quantised.pixels, MAP_SIDE_PX)),
        counts=histogram(counted)[:, : 2 ** min(setting.bits, 8)],
        bitmap_bytes=quantised.bitmap_bytes,
    )


def _values(pixels: np.ndarray, bits: int) -> np.ndarray:
    if bits == 24:
        return pixels
    grey = pixels[:, :, :1]
    return grey if bits == 8 else grey // WHITE


def _mixed(pixels: np.ndarray, channels: str) -> np.ndarray:
    if channels == "rgb":
        return pixels
    keep = ("r" in channels, "g" in channels, "b" in channels)
    return mix_channels(split_channels(pixels), keep)


@dataclass(frozen=True)
class FileSize:
    """A file that was really written and read again.

    Attributes:
        form: "png" or "jpeg".
        quality: of a JPEG, else None.
        file_bytes: its length.
        psnr_db: against the raster that was written; infinite where every value came back.
    """

    form: str
    quality: int | None
    file_bytes: int
    psnr_db: float

    @property
    def exact(self) -> bool:
        """Whether every value came back."""
        return math.isinf(self.psnr_db)


@dataclass(frozen=True)
class Weight:
    """What a raster takes: bare, as PNG of its bit depth, and as JPEG of falling quality.

    Attributes:
        size: (H, W).
        bits: per pixel.
        bitmap_bytes: height × bytes of a row, a row's last byte filled up.
        png, jpegs: real files; one JPEG for each of :data:`JPEG_QUALITIES`.
    """

    size: tuple[int, int]
    bits: int
    bitmap_bytes: int
    png: FileSize
    jpegs: tuple[FileSize, ...]


_weights: Cache[Weight] = Cache(_KEPT_WEIGHTS)


def weigh(picture: Picture, setting: Setting) -> Weight:
    """Write the picture at ``setting`` as real files, or recall what they took.

    Only numbers are kept, so that a picture that its owner forgets is forgotten.

    Raises:
        InputError: as :func:`draw_raster`.
    """
    setting = setting.settled(picture)
    return _weights.get((picture.ref, setting), lambda: _write_files(picture, setting))


def _write_files(picture: Picture, setting: Setting) -> Weight:
    raster = draw_raster(picture, setting)
    pixels = raster.pixels
    return Weight(
        size=(pixels.shape[0], pixels.shape[1]),
        bits=setting.bits,
        bitmap_bytes=raster.bitmap_bytes,
        png=_file_size("png", None, measure_png(pixels, setting.bits)),
        jpegs=tuple(_file_size("jpeg", q, measure_jpeg(pixels, q)) for q in JPEG_QUALITIES),
    )


def _file_size(form: str, quality: int | None, encoded: Encoded) -> FileSize:
    return FileSize(form, quality, encoded.file_bytes, encoded.psnr_db)


@dataclass(frozen=True)
class Comparison:
    """The same picture weighed in several ways.

    Attributes:
        now: at the learner's setting.
        half: at half that resolution.
        colour: at that resolution in 24-bit colour, all channels.
        two_values: at that resolution in black and white, without dithering.
    """

    now: Weight
    half: Weight
    colour: Weight
    two_values: Weight


def compare_weights(picture: Picture, setting: Setting) -> Comparison:
    """What the picture weighs as it is set, at half the resolution, and at the extreme depths."""
    setting = setting.settled(picture)
    plain = replace(setting, dither=False, channels="rgb")
    return Comparison(
        now=weigh(picture, setting),
        half=weigh(picture, replace(setting, resolution_px=max(1, setting.resolution_px // 2))),
        colour=weigh(picture, replace(plain, bits=24)),
        two_values=weigh(picture, replace(plain, bits=1)),
    )
