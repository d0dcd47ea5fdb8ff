"""PNGs that mean other colours than sRGB by gAMA, cHRM or cICP: shown as sRGB, and said so."""

import io
import struct

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from starlette.testclient import TestClient

from engine.pictures import decode, note_sentence
from engine.pictures.png_colour import unused_colour

SRGB = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
ADOBE = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
PIXELS = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)


def png(**chunks: bytes) -> bytes:
    """A PNG with these chunks before its picture."""
    info, data = PngImagePlugin.PngInfo(), io.BytesIO()
    for name, content in chunks.items():
        info.add(name.encode(), content)
    Image.fromarray(PIXELS).save(data, "PNG", pnginfo=info)
    return data.getvalue()


def gamma(value: int) -> bytes:
    return struct.pack(">I", value)


def primaries(points: tuple[int, ...]) -> bytes:
    return struct.pack(">8I", *points)


@pytest.mark.parametrize(
    ("chunks", "unused"),
    [
        ({}, ()),
        ({"gAMA": gamma(45455)}, ()),
        ({"gAMA": gamma(45000), "cHRM": primaries(SRGB)}, ()),
        ({"gAMA": gamma(100000)}, ("gAMA",)),
        ({"cHRM": primaries(ADOBE)}, ("cHRM",)),
        ({"gAMA": gamma(55556), "cHRM": primaries(ADOBE)}, ("gAMA", "cHRM")),
        ({"sRGB": b"\x00", "gAMA": gamma(100000)}, ()),
        ({"cICP": bytes([1, 13, 0, 1])}, ()),
        ({"cICP": bytes([9, 16, 0, 1])}, ("cICP",)),
        ({"cICP": bytes([12, 13, 0, 1]), "gAMA": gamma(45455)}, ("cICP",)),
    ],
)
def test_what_is_not_used_is_named(chunks: dict[str, bytes], unused: tuple[str, ...]) -> None:
    decoded = decode(png(**chunks))
    np.testing.assert_array_equal(decoded.pixels, PIXELS)
    told = [note for note in decoded.notes if note.key == "png_colour_unused"]
    assert [note.params["chunks"] for note in told] == ([", ".join(unused)] if unused else [])
    for note in told:
        assert "sRGB" in note_sentence(note, "en")
        assert "sRGB" in note_sentence(note, "ko")


def test_the_api_says_it(api: TestClient) -> None:
    file = ("old.png", png(gAMA=gamma(100000)), "image/png")
    (note,) = api.post("/api/v1/pictures", files={"file": file}).json()["notes"]
    assert "gAMA" in note


@pytest.mark.parametrize("chunks", [{"gAMA": b"\x00"}, {"cHRM": b"short"}, {"cICP": b"\x09"}])
def test_a_chunk_of_another_length_says_nothing(chunks: dict[str, bytes]) -> None:
    assert unused_colour(png(**chunks)) == ()


@pytest.mark.parametrize("cut", [0, 7, 9, 12, 20, 40, 60])
def test_a_cut_file_is_no_error(cut: int) -> None:
    assert unused_colour(png(gAMA=gamma(100000))[:cut]) in ((), ("gAMA",))
