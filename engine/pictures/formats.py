"""Which file formats are accepted, told by a file's first bytes and never by its name.

Sources: PNG (W3C, section 5.2), JPEG (ITU-T T.81, B.1.1.3), WebP (RFC 9649), GIF89a (section 17),
BMP (BITMAPFILEHEADER), TIFF 6.0 (section 2) and BigTIFF, ISO/IEC 14496-12 (``ftyp`` brands),
ISO/IEC 23008-12 (HEIF), AVIF 1.1 (section 6), Netpbm's pbm, pgm and ppm.
"""

import re

from engine.errors import InputError

PORTABLE = "PGM/PPM"
ACCEPTED_FORMATS = ("PNG", "JPEG", "WebP", "GIF", "BMP", "TIFF", "HEIC", "AVIF", PORTABLE)

_SIGNATURES = (
    ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ("WebP", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("GIF", re.compile(rb"GIF8[79]a")),
    ("TIFF", re.compile(rb"II[*+]\x00|MM\x00[*+]")),
    ("BMP", re.compile(rb"BM")),
    (PORTABLE, re.compile(rb"P[1-6][\s#]")),
)
_BRANDS = re.compile(rb"(.{4})ftyp(.{4})", re.DOTALL)
_AVIF_BRANDS = {b"avif", b"avis"}
# HEVC inside, or any codec (mif1, msf1), which in a photo without an AVIF brand is HEVC.
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MOST_BRAND_BYTES = 256
_SVG = re.compile(rb"<(\w+:)?svg[\s>]", re.IGNORECASE)
_SVG_HEAD_BYTES = 4096  # an XML declaration, a comment and a doctype may stand before <svg>


def sniff_format(data: bytes) -> str:
    """The accepted format that ``data`` begins like: one of ``ACCEPTED_FORMATS``.

    Raises:
        InputError: none of them (status 415); SVG has a sentence of its own.
    """
    for name, signature in _SIGNATURES:
        if signature.match(data):
            return name
    if name := _sniff_boxed(data):
        return name
    formats = ", ".join(ACCEPTED_FORMATS)
    if data.lstrip()[:1] in {b"<", b"\xef"} and _SVG.search(data[:_SVG_HEAD_BYTES]):
        raise InputError("picture_svg", status=415, formats=formats)
    raise InputError("picture_not_recognised", status=415, formats=formats)


def _sniff_boxed(data: bytes) -> str | None:
    """HEIC and AVIF begin with the same kind of box; the brands in it tell them apart."""
    match = _BRANDS.match(data)
    if match is None:
        return None
    end = min(int.from_bytes(match[1]), _MOST_BRAND_BYTES)
    brands = {match[2], *(data[at : at + 4] for at in range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if brands & _HEIC_BRANDS else None
