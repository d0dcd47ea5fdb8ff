"""Cases that run on the CPU whatever the machine has: convolutions under the glass, decoding."""

import io
from collections.abc import Iterator

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from engine.convolution.conv2d import conv2d, conv2d_trace, conv_transpose2d
from engine.convolution.slide import Slide
from engine.pictures import WORKING_SIDE_PX, decode, resize_longest, sample
from engine.processing import parse_chain, program, run_chain
from engine.serving.image_processing.contract import COPY_SIDE_PX
from tests.bench.clock import Case

FILTERS, CHANNELS, SIDE_PX, KERNEL = 6, 3, 64, 5
PHOTO_SIZE = (4000, 3000)  # 12 megapixels


def picture_cases() -> Iterator[Case]:
    """Convolution, transposed convolution, and decoding a large photograph."""
    generator = torch.Generator().manual_seed(0)
    picture = torch.rand(CHANNELS, SIDE_PX, SIDE_PX, generator=generator)
    weight = torch.randn(FILTERS, CHANNELS, KERNEL, KERNEL, generator=generator)
    bias = torch.zeros(FILTERS)
    size = f"{FILTERS} filters {KERNEL}×{KERNEL} over {CHANNELS}×{SIDE_PX}×{SIDE_PX}"
    slide, turned = Slide(KERNEL, 1, 2), Slide(KERNEL, 2, 2, transposed=True)
    yield Case(
        f"convolution with its trace, {size}",
        lambda: conv2d_trace(picture, weight, bias, slide),
        ("conv2d, the definition", lambda: conv2d(picture, weight, bias, slide)),
        ("torch", lambda: F.conv2d(picture, weight, bias, padding=2)),
    )
    stored = weight.transpose(0, 1).contiguous()
    yield Case(
        f"transposed, with its trace, {size}",
        lambda: conv2d_trace(picture, weight, bias, turned),
        ("conv_transpose2d", lambda: conv_transpose2d(picture, weight, bias, turned)),
        ("torch", lambda: F.conv_transpose2d(picture, stored, bias, stride=2, padding=2)),
    )
    spoilt = np.ascontiguousarray(resize_longest(sample("coffee").pixels, COPY_SIDE_PX))
    steps = parse_chain("gaussian_blur,5,0;median_blur,5;clahe,3,8")
    yield Case(
        f"a chain of three OpenCV operations on {COPY_SIDE_PX} px, with its code",
        lambda: program(run_chain(spoilt, steps), "picture.png", None),
        ("the three calls alone", lambda: _chain_by_hand(spoilt)),
    )
    data = _large_photo()
    width, height = PHOTO_SIZE
    yield Case(
        f"decode a {width}×{height} JPEG to at most {WORKING_SIDE_PX} px",
        lambda: decode(data),
        ("Pillow, all pixels, then Lanczos", lambda: _decode_by_pillow(data)),
        ("OpenCV, then area", lambda: _decode_by_opencv(data)),
    )


def _chain_by_hand(picture: np.ndarray) -> np.ndarray:
    picture = cv2.medianBlur(cv2.GaussianBlur(picture, (5, 5), 0), 5)
    light, a, b = cv2.split(cv2.cvtColor(picture, cv2.COLOR_BGR2Lab))
    light = cv2.createCLAHE(clipLimit=3, tileGridSize=(8, 8)).apply(light)
    return cv2.cvtColor(cv2.merge((light, a, b)), cv2.COLOR_Lab2BGR)


def _large_photo() -> bytes:
    buffer = io.BytesIO()
    picture = Image.fromarray(sample("china").pixels).resize(PHOTO_SIZE, Image.Resampling.BICUBIC)
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _decode_by_pillow(data: bytes) -> np.ndarray:
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    return np.array(picture.resize(_fitted(picture.size), Image.Resampling.LANCZOS))


def _decode_by_opencv(data: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    scaled = cv2.resize(picture, _fitted(picture.shape[1::-1]), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(scaled, cv2.COLOR_BGR2RGB)


def _fitted(size: tuple[int, ...]) -> tuple[int, int]:
    scale = WORKING_SIDE_PX / max(size)
    return round(size[0] * scale), round(size[1] * scale)
