"""HEIC and AVIF, as phones and browsers write them."""

import io
from collections.abc import Callable

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from engine.errors import InputError
from engine.pictures import Decoded, Note, decode


def smooth(height: int = 48, width: int = 64) -> Image.Image:
    """Slopes of colour, which every lossy codec keeps."""
    y, x = np.mgrid[:height, :width]
    slopes = np.stack([x * 255 // width, y * 255 // height, 255 - x * 255 // width], axis=2)
    return Image.fromarray(slopes.astype(np.uint8))


def heic(image: Image.Image, others: tuple[Image.Image, ...] = (), **options: object) -> bytes:
    file, container = io.BytesIO(), pillow_heif.from_pillow(image)
    for other in others:
        container.add_from_pillow(other)
    container.save(file, quality=95, chroma=444, **options)
    return file.getvalue()


def avif(image: Image.Image, others: tuple[Image.Image, ...] = (), **options: object) -> bytes:
    file = io.BytesIO()
    image.save(
        file,
        "AVIF",
        quality=95,
        subsampling="4:4:4",
        append_images=others,
        save_all=True,
        **options,
    )
    return file.getvalue()


Writer = Callable[..., bytes]
both = pytest.mark.parametrize(("writer", "name"), [(heic, "HEIC"), (avif, "AVIF")])


def keys(decoded: Decoded) -> list[str]:
    return [note.key for note in decoded.notes]


@both
@pytest.mark.parametrize("size", [(48, 64), (1, 1), (3, 200), (130, 70)])
def test_pixels_come_back(writer: Writer, name: str, size: tuple[int, int]) -> None:
    image = smooth(*size)
    decoded = decode(writer(image))
    assert (decoded.format, decoded.original_size, decoded.notes) == (name, size, ())
    assert np.abs(decoded.pixels.astype(int) - np.asarray(image)).mean() < 4


@both
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_upright_once(writer: Writer, name: str, orientation: int) -> None:
    """A file may say it twice, in its own boxes and in EXIF."""
    image, exif = smooth(), Image.Exif()
    exif[0x0112] = orientation
    decoded = decode(writer(image, exif=exif.tobytes()))
    turned = {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: np.rot90(p, -1),
        7: lambda p: np.rot90(p, 2).transpose(1, 0, 2),
        8: lambda p: np.rot90(p, 1),
    }[orientation](np.asarray(image))
    assert decoded.original_size == turned.shape[:2]
    assert np.abs(decoded.pixels.astype(int) - turned).mean() < 4


@both
def test_display_p3_becomes_srgb(writer: Writer, name: str, p3_profile: bytes) -> None:
    plain = decode(writer(smooth())).pixels.astype(int)
    decoded = decode(writer(smooth(), icc_profile=p3_profile))
    assert keys(decoded) == ["colours_converted"]
    assert np.abs(decoded.pixels - plain).max() > 10


@both
def test_transparency_lies_on_white(writer: Writer, name: str) -> None:
    image = smooth().convert("RGBA")
    image.putalpha(0)
    decoded = decode(writer(image))
    assert decoded.pixels.min() == 255
    assert keys(decoded) == ["laid_on_white"]


def test_several_pictures_are_told() -> None:
    decoded = decode(heic(smooth(), (smooth(20, 30),)))
    assert decoded.notes == (Note("first_picture", {"count": 2}),)
    assert decoded.original_size == (48, 64)
    assert keys(decode(avif(smooth(), (smooth(),)))) == ["first_frame"]


@both
@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9])
def test_cut_short(writer: Writer, name: str, share: float) -> None:
    data = writer(smooth())
    with pytest.raises(InputError) as caught:
        decode(data[: int(len(data) * share)])
    assert caught.value.key == "picture_damaged"


@both
def test_grey(writer: Writer, name: str) -> None:
    image = smooth().convert("L")
    decoded = decode(writer(image))
    assert np.abs(decoded.pixels[:, :, 0].astype(int) - np.asarray(image)).mean() < 4
