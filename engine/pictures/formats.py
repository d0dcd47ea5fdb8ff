"""Which file formats are accepted, told by a file's first bytes and never by its name.

Sources: PNG (W3C, section 5.2), JPEG (ITU-T T.81, B.1.1.3), WebP (RFC 9649), GIF89a (section 17),
BMP (BITMAPFILEHEADER), TIFF 6.0 (section 2) and BigTIFF, ISO/IEC 14496-12 (``ftyp`` brands).
"""

import re

from engine.errors import InputError

ACCEPTED_FORMATS = ("PNG", "JPEG", "WebP", "GIF", "BMP", "TIFF")

_SIGNATURES = (
    ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ("WebP", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("GIF", re.compile(rb"GIF8[79]a")),
    ("TIFF", re.compile(rb"II[*+]\x00|MM\x00[*+]")),
    ("BMP", re.compile(rb"BM")),
)
_PHONE_PICTURE = re.compile(rb".{4}ftyp(hei|hev|mif1|msf1|avi)", re.DOTALL)
_SVG = re.compile(rb"<(\w+:)?svg[\s>]", re.IGNORECASE)
_SVG_HEAD_BYTES = 4096  # an XML declaration, a comment and a doctype may stand before <svg>


def sniff_format(data: bytes) -> str:
    """The accepted format that ``data`` begins like: one of ``ACCEPTED_FORMATS``.

    Raises:
        InputError: none of them (status 415); SVG and HEIC/AVIF have a sentence of their own.
    """
    for name, signature in _SIGNATURES:
        if signature.match(data):
            return name
    formats = ", ".join(ACCEPTED_FORMATS)
    if _PHONE_PICTURE.match(data):
        raise InputError("picture_heic", status=415, formats=formats)
    if data.lstrip()[:1] in {b"<", b"\xef"} and _SVG.search(data[:_SVG_HEAD_BYTES]):
        raise InputError("picture_svg", status=415, formats=formats)
    raise InputError("picture_not_recognised", status=415, formats=formats)
