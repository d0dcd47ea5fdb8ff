"""Cases of detection: windows three ways, one look, NMS, and the cascades, with their traces."""

import copy
from collections.abc import Iterator
from typing import cast

import cv2
import torch
from skimage.feature import hog
from torch import nn
from torchvision import models
from torchvision.ops import batched_nms

from engine.detection.cascade_file import cascade_file, load_cascade
from engine.detection.dense_to_conv import Sweep, sweep_crops, sweep_picture, to_convolutional
from engine.detection.haar import scan as scan_haar
from engine.detection.hog import blocks
from engine.detection.mtcnn.cascade import MtcnnSettings, find_faces
from engine.detection.mtcnn.nets import load_mtcnn
from engine.detection.nanodet.finding import find_things
from engine.detection.nanodet.weights import load_nanodet
from engine.detection.nms import nms_trace
from engine.detection.selective_search.colour_spaces import to_colour_space
from engine.detection.selective_search.regions import first_regions
from engine.detection.selective_search.strategies import Strategy, group_all
from engine.detection.windows import Grid
from engine.pictures import resize_longest, sample
from engine.pictures.raster import grey
from engine.progress import finish
from engine.trainable.window_net import WindowNet
from tests.bench.clock import Case

PICTURE_PX, WINDOW_PX, STRIDE_PX, BATCH = 480, 48, 4, 64
BOXES = 2000
MOST_APART = 1e-4
SSDLITE = "ssdlite320_mobilenet_v3_large"


def detection_cases(device: torch.device) -> Iterator[Case]:
    """The windows' three ways and NanoDet on any device; the others where they run: on the CPU."""
    yield from _sweeps(device)
    yield from _one_look(device)
    if device.type == "cpu":
        yield _thinning()
        yield _proposals()
        yield from _cascades()


def _sweeps(device: torch.device) -> Iterator[Case]:
    """The engine's shapes net in its valid padding, on windows of 48 px.

    Raises:
        RuntimeError: the three ways do not agree within 1e-4.
    """
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    net = WindowNet((3, WINDOW_PX, WINDOW_PX), 4).eval().requires_grad_(False).to(device)
    turned = to_convolutional(net, (3, WINDOW_PX, WINDOW_PX))
    picture = torch.randn(3, PICTURE_PX, PICTURE_PX, generator=generator).to(device)
    grid = Grid((PICTURE_PX, PICTURE_PX), (WINDOW_PX, WINDOW_PX), STRIDE_PX)

    def one_pass() -> Sweep:
        return sweep_picture(turned, picture, grid)

    def crops(batch: int) -> Sweep:
        return finish(sweep_crops(net, picture, grid, batch))

    apart = (one_pass().logits - crops(BATCH).logits).abs().max().item()
    if apart > MOST_APART:
        raise RuntimeError(f"crops and one pass are {apart} apart")
    yield Case(
        f"{grid.count:,} windows of {WINDOW_PX} px on {PICTURE_PX}×{PICTURE_PX} in one pass "
        f"(logits at most {apart:.0e} apart)",
        one_pass,
        ("one window at a time", lambda: crops(1)),
        (f"crops in batches of {BATCH}", lambda: crops(BATCH)),
    )


def _one_look(device: torch.device) -> Iterator[Case]:
    """NanoDet beside networks of torchvision's that have learnt nothing: the time is the same."""
    pixels, net = sample("camera").pixels, load_nanodet(device)
    # torch's overloads leave the memory format out
    first = copy.deepcopy(net).to(memory_format=torch.contiguous_format)  # pyright: ignore
    ssd = models.get_model(SSDLITE, weights=None, weights_backbone=None).eval().to(device)
    backbone, head = cast(nn.Module, ssd.backbone), cast(nn.Module, ssd.head)
    classifier = models.mobilenet_v2(weights=None).eval().to(device)
    square, small = (torch.zeros(1, 3, side, side, device=device) for side in (416, 320))
    smallest = square[..., :224, :224].contiguous()
    last = square.contiguous(memory_format=torch.channels_last)

    def forward(model: nn.Module, x: torch.Tensor) -> object:
        with torch.no_grad():
            return model(x)

    def ssdlite() -> object:
        with torch.no_grad():
            return head(list(backbone(small).values()))

    yield Case(
        "NanoDet on a photo of 512 px, from pixels to boxes (target: 80 ms)",
        lambda: find_things(net, [pixels]),
        ("channels first in memory", lambda: find_things(first, [pixels])),
        ("torchvision's SSDLite320, its network alone", ssdlite),
    )
    yield Case(
        "NanoDet's network alone, 416×416",
        lambda: forward(net, last),
        ("channels first in memory", lambda: forward(first, square)),
        (
            "torchvision's MobileNetV2, 224×224",
            lambda: forward(classifier, smallest),
        ),
    )


def _thinning() -> Case:
    generator = torch.Generator().manual_seed(0)
    corners = torch.rand(BOXES, 2, generator=generator) * 400
    sides = 20 + torch.rand(BOXES, 2, generator=generator) * 60
    boxes = torch.cat([corners, corners + sides], dim=1)
    scores = torch.rand(BOXES, generator=generator)
    labels = torch.randint(0, 3, (BOXES,), generator=generator)

    return Case(
        f"NMS of {BOXES:,} boxes per class, every decision kept",
        lambda: nms_trace(boxes, scores, 0.5, labels=labels),
        peer=("torchvision, without a trace", lambda: batched_nms(boxes, scores, labels, 0.5)),
    )


def _proposals() -> Case:
    pixels = resize_longest(sample("coffee").pixels, 320)
    channels = to_colour_space(pixels, "hsv")
    return Case(
        "Selective Search on a photo of 320 px, one strategy, every merge kept (target: 150 ms)",
        lambda: finish(group_all(pixels, [Strategy()])),
        peer=("scikit-image's first regions alone", lambda: first_regions(channels, 100)),
    )


def _cascades() -> Iterator[Case]:
    pixels = sample("astronaut").pixels
    shades = grey(pixels)
    nets = load_mtcnn(torch.device("cpu"))
    yield Case(
        "MTCNN on astronaut, every stage kept", lambda: find_faces(nets, pixels, MtcnnSettings())
    )
    name = "frontalface_default"
    cascade = load_cascade(name)
    theirs = cv2.CascadeClassifier(str(cascade_file(name)))
    yield Case(
        "Haar face cascade on astronaut, every window's fate kept",
        lambda: scan_haar(cascade, shades),
        peer=("OpenCV, boxes only", lambda: theirs.detectMultiScale(shades)),
    )
    yield Case(
        "HOG blocks of astronaut",
        lambda: blocks(pixels),
        peer=(
            "scikit-image",
            lambda: hog(pixels, cells_per_block=(2, 2), block_norm="L2-Hys", channel_axis=-1),
        ),
    )
