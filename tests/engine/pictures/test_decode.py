"""What ``decode`` accepts, and what it says it did."""

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from engine.pictures import WORKING_SIDE_PX, Decoded, Note, decode

AsFile = Callable[..., bytes]


def note_keys(decoded: Decoded) -> list[str]:
    return [note.key for note in decoded.notes]


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (3, 1), (20, 30)])
@pytest.mark.parametrize("file_format", ["PNG", "WebP", "BMP", "TIFF"])
def test_lossless_formats_come_back_unchanged(
    size: tuple[int, int], file_format: str, noise: np.ndarray, as_file: AsFile
) -> None:
    pixels = noise[: size[0], : size[1]]
    decoded = decode(as_file(pixels, file_format.upper(), lossless=True))
    np.testing.assert_array_equal(decoded.pixels, pixels)
    assert decoded.pixels.dtype == np.uint8
    assert (decoded.format, decoded.original_size, decoded.notes) == (file_format, size, ())


def test_jpeg_is_what_libjpeg_makes_of_it(noise: np.ndarray, as_file: AsFile) -> None:
    import cv2

    data = as_file(noise, "JPEG", subsampling=0, quality=90)
    decoded = decode(data)
    other = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert other is not None
    assert np.abs(decoded.pixels.astype(int) - other[:, :, ::-1]).max() <= 2
    assert (decoded.format, decoded.notes) == ("JPEG", ())


def test_progressive_jpeg(noise: np.ndarray, as_file: AsFile) -> None:
    plain, progressive = (
        decode(as_file(noise, "JPEG", progressive=flag)).pixels for flag in (False, True)
    )
    np.testing.assert_array_equal(plain, progressive)


def test_phone_jpeg_with_several_pictures_gives_the_first_and_says_so(
    noise: np.ndarray, as_file: AsFile
) -> None:
    data = as_file(noise, "MPO", save_all=True, append_images=[Image.fromarray(255 - noise)])
    decoded = decode(data)
    np.testing.assert_array_equal(decoded.pixels, decode(as_file(noise, "JPEG")).pixels)
    assert decoded.format == "JPEG"
    assert decoded.notes == (Note("first_picture", {"count": 2}),)


def test_one_pixel_wide_strip_keeps_its_one_pixel(as_file: AsFile) -> None:
    ramp = np.repeat((np.arange(4000) // 16).astype(np.uint8)[:, None, None], 3, axis=2)
    decoded = decode(as_file(ramp, "PNG"))
    assert decoded.pixels.shape == (WORKING_SIDE_PX, 1, 3)
    assert decoded.original_size == (4000, 1)
    expected = ramp[np.arange(WORKING_SIDE_PX) * 4000 // WORKING_SIDE_PX]
    assert np.abs(decoded.pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize(
    ("file_format", "key"),
    [
        ("GIF", "first_frame"),
        ("WebP", "first_frame"),
        ("PNG", "first_frame"),
        ("TIFF", "first_page"),
    ],
)
def test_animation_gives_its_first_frame(file_format: str, key: str, as_file: AsFile) -> None:
    red, blue = Image.new("RGB", (4, 3), "red"), Image.new("RGB", (4, 3), "blue")
    options = {"lossless": True} if file_format == "WebP" else {}
    data = as_file(red, file_format.upper(), save_all=True, append_images=[blue], **options)
    decoded = decode(data)
    assert (decoded.pixels == [255, 0, 0]).all()
    assert note_keys(decoded) == [key]


def test_damage_after_the_first_frame_does_no_harm(as_file: AsFile) -> None:
    red, blue = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    one = as_file(red, "GIF")
    both = as_file(red, "GIF", save_all=True, append_images=[blue])
    decoded = decode(both[: len(one) + 6])
    assert (decoded.pixels == [255, 0, 0]).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WebP", "TIFF"])
def test_exif_orientation_is_applied(
    orientation: int, file_format: str, noise: np.ndarray, as_file: AsFile
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    # Turned by hand, from the definition of tag 0x0112 (where row 0 and column 0 are seen).
    upright = {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: np.rot90(p, -1),
        7: lambda p: np.rot90(p, 2).transpose(1, 0, 2),
        8: lambda p: np.rot90(p, 1),
    }[orientation]
    options = {"exif": exif, "lossless": True} if file_format != "JPEG" else {"exif": exif}
    decoded = decode(as_file(noise, file_format.upper(), **options))
    plain = decode(as_file(noise, file_format.upper(), lossless=True)).pixels
    np.testing.assert_array_equal(decoded.pixels, upright(plain))
    assert decoded.original_size == decoded.pixels.shape[:2]
    assert note_keys(decoded) == (["turned_upright"] if orientation > 1 else [])


def test_unreadable_exif_is_ignored(noise: np.ndarray, as_file: AsFile) -> None:
    data = as_file(noise, "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff nonsense")
    np.testing.assert_array_equal(decode(data).pixels, noise)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_40_megapixels_are_scaled_down(file_format: str, as_file: AsFile) -> None:
    large = Image.new("RGB", (7800, 5200), "red")  # 40.6 megapixels
    large.paste((0, 0, 255), (3900, 2600, 7800, 5200))
    options = {"compress_level": 1} if file_format == "PNG" else {"quality": 95}
    decoded = decode(as_file(large, file_format, **options))
    assert decoded.pixels.shape == (1365, 2048, 3)
    assert decoded.original_size == (5200, 7800)
    (note,) = decoded.notes
    assert note.key == "scaled_down"
    assert dict(note.params) == {
        "from_width": 7800, "from_height": 5200, "to_width": 2048, "to_height": 1365,
    }  # fmt: skip
    assert np.abs(decoded.pixels[:680].astype(int) - [255, 0, 0]).max() <= 2
    assert np.abs(decoded.pixels[686:, 1028:].astype(int) - [0, 0, 255]).max() <= 2


def test_large_transparent_palette_is_scaled_in_bands(as_file: AsFile) -> None:
    image = Image.new("P", (9000, 3000), 0)
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.paste(1, (0, 0, 9000, 1500))
    decoded = decode(as_file(image, "PNG", transparency=1))
    assert note_keys(decoded) == ["laid_on_white", "scaled_down"]
    top, bottom = decoded.pixels[:330], decoded.pixels[-330:]
    assert (top == 255).all()
    assert (bottom == [10, 20, 30]).all()


def test_turned_and_scaled_sizes_are_upright(as_file: AsFile) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    decoded = decode(as_file(Image.new("L", (3000, 600)), "JPEG", exif=exif))
    assert decoded.original_size == (3000, 600)
    assert decoded.pixels.shape == (2048, 410, 3)
    assert note_keys(decoded) == ["turned_upright", "scaled_down"]


def test_pixels_are_the_callers_own(noise: np.ndarray, as_file: AsFile) -> None:
    pixels = decode(as_file(noise, "PNG")).pixels
    pixels[0, 0] = 1
    assert pixels.flags["C_CONTIGUOUS"]


def test_nothing_process_wide_is_changed(noise: np.ndarray, as_file: AsFile) -> None:
    from PIL import ImageFile

    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    decode(as_file(noise, "PNG"))
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)


def test_threads_decode_at_once_and_leave_the_warnings_alone(
    noise: np.ndarray, as_file: AsFile
) -> None:
    files = [as_file(noise, file_format) for file_format in ("PNG", "GIF", "TIFF", "BMP")] * 8
    filters = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(decode, files))
    for data, decoded in zip(files, together, strict=True):
        np.testing.assert_array_equal(decoded.pixels, decode(data).pixels)
    assert list(warnings.filters) == filters
