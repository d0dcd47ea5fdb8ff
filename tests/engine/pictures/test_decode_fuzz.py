"""Whatever the bytes, ``decode`` gives a picture or an InputError, and nothing else."""

import io

import cv2
import numpy as np
import pillow_heif
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.errors import InputError
from engine.pictures import ACCEPTED_FORMATS, WORKING_SIDE_PX, Decoded, decode
from tests.engine.pictures.icc_profiles import black_ink_profile, grey_profile

SIGNATURES = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"GIF89a",
    b"BM",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x80meta",
    b"\0\0\0\x18ftypavif\0\0\0\0mif1avif\0\0\0\x80meta",
    b"P2 4 4 255 ",
    b"P6 4 4 255 ",
)


def make_seeds() -> dict[str, bytes]:
    random = np.random.default_rng(0)
    rgb = Image.fromarray(random.integers(0, 256, (12, 17, 3), dtype=np.uint8))
    other = rgb.transpose(Image.Transpose.ROTATE_180)
    palette = rgb.quantize(16)
    deep = Image.fromarray(random.integers(0, 65536, (12, 17), dtype=np.uint16))
    real = Image.fromarray(random.normal(size=(12, 17)).astype(np.float32))
    exif = Image.Exif()
    exif[0x0112] = 6
    both = {"save_all": True, "append_images": [other]}
    pages = {"save_all": True, "append_images": [other.copy()]}
    plans = {
        "png": (rgb, "PNG", {"exif": exif}),
        "png 16 bit": (deep, "PNG", {}),
        "png palette": (palette, "PNG", {"transparency": 3}),
        "png animated": (rgb, "PNG", both),
        "jpeg": (rgb, "JPEG", {"exif": exif}),
        "jpeg progressive": (rgb, "JPEG", {"progressive": True}),
        "jpeg cmyk": (rgb.convert("CMYK"), "JPEG", {}),
        "jpeg twofold": (rgb, "MPO", both),
        "webp": (rgb, "WEBP", {"exif": exif}),
        "webp lossless": (rgb.convert("RGBA"), "WEBP", {"lossless": True}),
        "webp animated": (rgb, "WEBP", both),
        "gif": (palette, "GIF", {"transparency": 2}),
        "gif animated": (rgb, "GIF", both),
        "bmp": (rgb, "BMP", {}),
        "bmp 1 bit": (rgb.convert("1"), "BMP", {}),
        "tiff": (rgb, "TIFF", {"exif": exif}),
        "tiff float": (real, "TIFF", {}),
        "tiff 16 bit": (deep, "TIFF", {}),
        "tiff lzw": (rgb, "TIFF", {"compression": "tiff_lzw"}),
        "tiff deflate": (rgb, "TIFF", {"compression": "tiff_adobe_deflate"}),
        "tiff jpeg": (rgb, "TIFF", {"compression": "jpeg"}),
        "tiff fax": (rgb.convert("1"), "TIFF", {"compression": "group4"}),
        "tiff pages": (rgb, "TIFF", pages),
        "tiff float lzw": (real, "TIFF", {"compression": "tiff_lzw", "tiffinfo": {317: 3}}),
        "png profile": (rgb, "PNG", {"icc_profile": grey_profile(1.8)}),
        "jpeg profile": (rgb, "JPEG", {"icc_profile": grey_profile(1.8)}),
        "tiff inks": (rgb.convert("CMYK"), "TIFF", {"icc_profile": black_ink_profile()}),
        "avif": (rgb, "AVIF", {"exif": exif}),
        "avif animated": (rgb, "AVIF", both),
        "pgm": (rgb.convert("L"), "PPM", {}),
        "ppm": (rgb, "PPM", {}),
    }
    seeds = {"heic": as_heic(rgb, exif.tobytes()), "tiff planes apart": as_planes(rgb)}
    seeds["png deep colour"] = as_deep_png(rgb)
    seeds["pgm plain"] = b"P2 3 2 4095 0 1 2 3000 4 4095 "
    for name, (image, file_format, options) in plans.items():
        buffer = io.BytesIO()
        image.copy().save(buffer, file_format, **options)  # a writer leaves settings behind
        seeds[name] = buffer.getvalue()
    return seeds


def as_heic(image: Image.Image, exif: bytes) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, exif=exif)
    return file.getvalue()


def as_planes(image: Image.Image) -> bytes:
    file = io.BytesIO()
    planes = np.moveaxis(np.asarray(image).astype(np.uint16) * 257, -1, 0)
    options = {"planarconfig": "separate", "compression": "zlib", "predictor": True}
    tifffile.imwrite(file, planes, photometric="rgb", **options)
    return file.getvalue()


def as_deep_png(image: Image.Image) -> bytes:
    return cv2.imencode(".png", np.asarray(image).astype(np.uint16) * 257)[1].tobytes()


SEEDS = make_seeds()


def outcome(data: bytes) -> Decoded | InputError:
    try:
        return decode(data)
    except InputError as error:
        return error


def check(data: bytes) -> None:
    decoded = outcome(data)
    if isinstance(decoded, InputError):
        assert 400 <= decoded.status < 500
        assert decoded.sentence("en")
        assert decoded.sentence("ko")
        return
    assert decoded.format in ACCEPTED_FORMATS
    assert decoded.pixels.dtype == np.uint8
    height, width, channels = decoded.pixels.shape
    assert 1 <= height <= WORKING_SIDE_PX
    assert 1 <= width <= WORKING_SIDE_PX
    assert channels == 3


@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    check(data)


@settings(max_examples=200)
@given(st.sampled_from(SIGNATURES), st.binary(max_size=400))
def test_random_bytes_behind_a_signature(signature: bytes, data: bytes) -> None:
    check(signature + data)


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds_themselves_are_pictures(name: str) -> None:
    assert decode(SEEDS[name]).pixels.size


@pytest.mark.parametrize("name", SEEDS)
@given(st.data())
def test_flipped_bits(name: str, data: st.DataObject) -> None:
    changed = bytearray(SEEDS[name])
    # Half of the flips fall into the header, where they do most.
    places = st.one_of(st.integers(0, 79), st.integers(0, len(changed) - 1))
    flips = st.lists(st.tuples(places, st.integers(0, 7)), min_size=1, max_size=8)
    for place, bit in data.draw(flips):
        changed[min(place, len(changed) - 1)] ^= 1 << bit
    check(bytes(changed))


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=20)
@given(st.data())
def test_parts_cut_out(name: str, data: st.DataObject) -> None:
    seed = SEEDS[name]
    start = data.draw(st.integers(0, len(seed)))
    stop = data.draw(st.integers(start, len(seed)))
    check(seed[:start] + seed[stop:])
