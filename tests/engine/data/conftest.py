"""Small pictures as files, and zips made of them."""

import io
import zipfile
from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image


def png(colour: tuple[int, int, int] = (200, 30, 90), size: tuple[int, int] = (10, 12)) -> bytes:
    """A PNG of one colour, (H, W)."""
    file = io.BytesIO()
    Image.fromarray(np.full((*size, 3), colour, np.uint8)).save(file, "PNG")
    return file.getvalue()


def make_zip(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip's bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


@pytest.fixture
def two_classes() -> dict[str, bytes]:
    """Three red cats and two blue dogs."""
    cats = {f"cats/{index}.png": png((250, 10, 20)) for index in range(3)}
    return cats | {f"dogs/{index}.png": png((10, 20, 250), (30, 20)) for index in range(2)}
