"""Files that went wrong once: each is read as another program reads it, and the notes say how."""

from pathlib import Path

import numpy as np
import pytest

from engine.pictures import Decoded, decode

CASES = Path(__file__).parent / "cases"


def read(name: str) -> Decoded:
    return decode((CASES / name).read_bytes())


def notes_of(name: str) -> list[str]:
    return [note.key for note in read(name).notes]


def test_twelve_bits_in_sixteen_and_in_thirty_two_are_the_same_picture() -> None:
    sixteen, thirty_two = read("ct12in16.png"), read("ct12in32.tif")
    np.testing.assert_array_equal(sixteen.pixels, thirty_two.pixels)
    assert sixteen.pixels.max() == 255
    assert notes_of("ct12in16.png") == ["sixteen_bit", "stretched"]
    assert notes_of("ct12in32.tif") == ["stretched"]


def test_colours_are_those_of_the_files_own_profile() -> None:
    """The mean is LittleCMS's, through its own tool."""
    mean = read("icc_p3.png").pixels.reshape(-1, 3).mean(axis=0)
    np.testing.assert_allclose(mean, [123.0, 121.0, 121.2], atol=0.05)
    assert notes_of("icc_p3.png") == ["colours_converted"]
    assert notes_of("icc_adobergb.jpg") == ["colours_converted"]


def test_planes_apart_of_sixteen_bits_are_not_garbled() -> None:
    pixels = read("planar16_b.tif").pixels
    corners = [pixels[y, x].tolist() for y in (0, -1) for x in (0, -1)]
    assert corners == [[10, 100, 250], [10, 100, 0], [10, 0, 250], [10, 0, 0]]


@pytest.mark.parametrize(("name", "channel"), [("float_rgb.tif", 3), ("float64_gray.tif", 1)])
def test_tiffs_of_floats_are_read(name: str, channel: int) -> None:
    import tifffile

    values = tifffile.imread(CASES / name)
    values = values.reshape(*values.shape[:2], channel)
    expected = np.broadcast_to(np.rint(values * 255), (*values.shape[:2], 3))
    np.testing.assert_array_equal(read(name).pixels, expected)
    assert notes_of(name) == []


def test_a_jpeg_without_its_end_marker_is_whole() -> None:
    decoded = read("trunc_eoi.jpg")
    assert decoded.pixels.shape == (384, 640, 3)
    assert notes_of("trunc_eoi.jpg") == ["end_missing"]


def test_a_wrong_checksum_beside_the_pixels_does_no_harm() -> None:
    assert read("badcrc_text.png").pixels.shape == (24, 40, 3)
    (note,) = read("badcrc_text.png").notes
    assert (note.key, dict(note.params)) == ("chunk_skipped", {"names": "tEXt"})


def test_white_is_clear_where_two_bits_say_so() -> None:
    assert notes_of("g2_trns3.png") == ["laid_on_white"]
    assert np.unique(read("g2_trns3.png").pixels).tolist() == [0, 85, 170, 255]


def test_a_phones_second_picture_is_told() -> None:
    assert notes_of("mpo.jpg") == ["first_picture"]
