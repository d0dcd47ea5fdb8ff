"""Colours as a file's own profile means them, in sRGB, which is what every screen is sent.

A photo of a phone or a camera often holds Display P3 or Adobe RGB. Taken for sRGB its numbers are
duller than what was photographed. LittleCMS converts, as browsers do.

Source: ICC.1:2022 (profile classes, colour spaces); IEC 61966-2-1 (sRGB).
"""

import io
import itertools
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from engine.pictures.picture import Note

# The largest profiles in use, for printing, have 3 MB.
MAX_PROFILE_BYTES = 4_000_000
_SPACES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_CLASSES = {"scnr", "mntr", "prtr", "spac"}  # no links from device to device, no named colours
_PROBE_STEPS = 5
_NOTICEABLE = 1  # steps of 255; a profile of sRGB itself differs by rounding
_NAME_LENGTH = 60
_GREYS = np.arange(256, dtype=np.uint8)[None]

_PROFILE_ERRORS = (ImageCms.PyCMSError, AttributeError, OSError, TypeError, ValueError)


def to_srgb(image: Image.Image, profile: bytes) -> tuple[Image.Image, tuple[Note, ...]]:
    """An image whose numbers are meant by ``profile``, as sRGB.

    Args:
        image: RGB or CMYK; for a profile of greys RGB with three equal channels.
        profile: an ICC profile.

    Returns:
        The RGB image (CMYK remains where the profile cannot be used) and what there is to say;
        nothing where the profile is sRGB's.
    """
    try:
        transform, mode, name = _make_transform(profile)
    except _PROFILE_ERRORS:
        return image, (Note("profile_unusable"),)
    if (mode == "CMYK") != (image.mode == "CMYK"):
        return image, (Note("profile_unusable"),)
    if not _changes(transform, mode):
        return image, ()
    note = Note("colours_converted", {"profile": name})
    if mode == "L":  # all of its 256 colours
        table = np.asarray(transform.apply(Image.fromarray(_GREYS)))[0]
        return Image.fromarray(table[np.asarray(image.getchannel(0))]), (note,)
    return transform.apply(image), (note,)


def _make_transform(profile: bytes) -> tuple[ImageCms.ImageCmsTransform, str, str]:
    """The way to sRGB, the mode it begins at, and the profile's name."""
    if len(profile) > MAX_PROFILE_BYTES:
        raise ValueError("the profile is too large")
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    facts: Any = opened.profile  # of Pillow's C module
    mode = _SPACES.get(facts.xcolor_space)
    if mode is None or facts.device_class not in _CLASSES:
        raise ValueError("not a profile of a picture")
    words = facts.profile_description or mode
    name = "".join(each for each in words if each.isprintable()).strip()[:_NAME_LENGTH]
    # LittleCMS's shortcut for greys is off by 8 of 255 near black where the curve is steep.
    flags = ImageCms.Flags.NOOPTIMIZE if mode == "L" else ImageCms.Flags.NONE
    srgb = ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(opened, srgb, mode, "RGB", flags=flags), mode, name or mode


def _changes(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether any colour of a coarse grid moves."""
    if mode == "CMYK":
        return True
    levels = np.linspace(0, 255, _PROBE_STEPS).round().astype(np.uint8)
    if mode == "L":
        probe, colours = _GREYS, _GREYS[:, :, None]
    else:
        probe = colours = np.array(list(itertools.product(levels, repeat=3)), np.uint8)[None]
    moved = np.asarray(transform.apply(Image.fromarray(probe))).astype(int) - colours
    return bool(np.abs(moved).max() > _NOTICEABLE)
