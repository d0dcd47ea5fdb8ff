"""Peak memory of ``decode``, measured in a fresh process."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

AsFile = Callable[..., bytes]
ROOT = Path(__file__).resolve().parents[3]

_GROWTH = """
import re, sys
from pathlib import Path
from engine.errors import InputError
from engine.pictures import decode, sample
sample("chelsea")
def peak_kib():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
data = sys.stdin.buffer.read()
before = peak_kib()
try:
    print(decode(data).pixels.shape, end=" ")
except InputError as error:
    print(error.key, end=" ")
print((peak_kib() - before) // 1024)
"""
# Not getrusage: a child's ru_maxrss starts at its parent's, which hides any growth below it.
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc"
)


def peak_growth_mib(data: bytes) -> tuple[str, int]:
    """What a fresh process says of ``data``, and by how much its peak memory grew."""
    done = subprocess.run(
        [sys.executable, "-c", _GROWTH], input=data, capture_output=True, cwd=ROOT, check=True
    )
    outcome, growth_mib = done.stdout.decode().rsplit(maxsplit=1)
    return outcome, int(growth_mib)


def test_a_bomb_of_900_megapixels_does_not_grow_the_process(
    grey_png: Callable[..., bytes],
) -> None:
    data = grey_png(30_000, 30_000)
    assert len(data) < 3_000_000  # black, well formed, complete
    outcome, growth_mib = peak_growth_mib(data)
    assert outcome == "picture_too_many_pixels"
    assert growth_mib < 10


def test_40_megapixels_of_jpeg_are_never_whole_in_memory(as_file: AsFile) -> None:
    outcome, growth_mib = peak_growth_mib(as_file(Image.new("RGB", (8000, 5000), "red"), "JPEG"))
    assert outcome == "(1280, 2048, 3)"
    assert growth_mib < 150  # 160 for the decoded pixels alone, if they were decoded whole


def test_a_large_palette_is_never_whole_in_colour(as_file: AsFile) -> None:
    image = Image.new("P", (9000, 5000), 0)
    image.putpalette([10, 20, 30])
    outcome, growth_mib = peak_growth_mib(as_file(image, "PNG", transparency=0))
    assert outcome == "(1138, 2048, 3)"
    assert growth_mib < 150  # 43 as it is stored; 172 each for RGBA and for the white below
