"""Every proposal looked at, by crops of the picture and by crops of its map, each step timed.

Times are of one core: what the machine does besides does not count.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import thread_time
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
import torch
from torch import Tensor

from engine.detection.region_crops import align_crops, classify_crops, make_map, warp_crops
from engine.detection.selective_search.grouping import group
from engine.detection.selective_search.strategies import Strategy, find_regions, propose
from engine.nets.catalog import find_classifier
from engine.nets.residence import residence
from engine.pictures import Picture, resize_longest
from engine.progress import Progress
from engine.serving.one_core import on_one_core
from engine.serving.two_stage.contract import MOST_PROPOSALS

if TYPE_CHECKING:
    from torchvision.models import MobileNetV2

NETWORK = "mobilenet_v2"
SEARCHED_PX, SEEN_PX = 320, 448  # longest sides: of the search, and of what both ways are cut from
LEAST_SIDE_PX = 12  # of a box on the searched picture; R-CNN leaves out what is below 20 of 500 px
BATCH = 8
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Proposed:
    """Boxes worth a look.

    Attributes:
        seen: uint8 (h, w, 3), the picture that crops are taken from.
        boxes: int64 (N, 4), ``xyxy`` in its pixels, in the order in which they are looked at.
        every: how many the search proposed, the small ones and those beyond N included.
        ms: that the search took.
    """

    seen: np.ndarray
    boxes: Tensor
    every: int
    ms: float


@dataclass(frozen=True, eq=False)
class Looked:
    """What one way of looking said of every proposal.

    Attributes:
        probs: float32 (N, classes).
        once_ms: spent on the picture as a whole.
        crop_ms: float64 (N,), on making each crop.
        net_ms: float64 (N,), on sending each through the network.
        whole: float32 (1, C, h, w), the map that crops are cut out of; None for the picture.
    """

    probs: Tensor
    once_ms: float
    crop_ms: np.ndarray
    net_ms: np.ndarray
    whole: Tensor | None


def search(picture: Picture) -> Proposed:
    """Selective Search with one strategy; the first boxes that are large enough."""
    seen = resize_longest(picture.pixels, SEEN_PX)
    searched = resize_longest(picture.pixels, SEARCHED_PX)
    begun = thread_time()
    strategy = Strategy()
    regions = find_regions(searched, strategy.space, strategy.scale)
    every = torch.from_numpy(propose([group(regions, strategy.weights)]))
    ms = 1000 * (thread_time() - begun)
    large = ((every[:, 2:] - every[:, :2]) >= LEAST_SIDE_PX).all(dim=1)
    down, across = (a / b for a, b in zip(seen.shape[:2], searched.shape[:2], strict=True))
    scaled = every[large][:MOST_PROPOSALS] * torch.tensor([across, down, across, down])
    return Proposed(seen, scaled.round().long(), len(every), ms)


def look_at_crops(found: Proposed, side_px: int) -> Iterator[Progress[Looked]]:
    """R-CNN: each box is cut out of the picture, warped, and sent through the whole network."""
    net = _net()
    picture = _normalised(found.seen).to(_device(net))
    yield from _look_at_all(
        found.boxes,
        lambda boxes: warp_crops(picture, boxes, side_px),
        lambda crops: classify_crops(net, crops),
    )


def look_at_map(found: Proposed, side_px: int, stride_px: int) -> Iterator[Progress[Looked]]:
    """Fast R-CNN: one map of the whole picture; only what comes after it runs on every box."""
    net = _net()
    picture = _normalised(found.seen).to(_device(net))
    whole, once_ms = on_one_core(_timed, lambda: make_map(net, picture, stride_px))
    yield from _look_at_all(
        found.boxes,
        lambda boxes: align_crops(whole, boxes.to(whole.device), stride_px, side_px // stride_px),
        lambda crops: classify_crops(net, crops, stride_px),
        once_ms,
        whole.cpu(),
    )


def _look_at_all(
    boxes: Tensor,
    cut: Callable[[Tensor], Tensor],
    classify: Callable[[Tensor], Tensor],
    once_ms: float = 0.0,
    whole: Tensor | None = None,
) -> Iterator[Progress[Looked]]:
    """A few boxes at a time through both steps, each timed."""
    probs, crop_ms, net_ms = [torch.zeros(0, _classes())], [np.zeros(0)], [np.zeros(0)]
    for start in range(0, len(boxes), BATCH):
        yield Progress(start, len(boxes))
        part = boxes[start : start + BATCH]
        crops, cutting = on_one_core(_timed, lambda part=part: cut(part))
        answers, passing = on_one_core(_timed, lambda crops=crops: classify(crops))
        probs.append(answers.cpu())
        crop_ms.append(np.full(len(part), cutting / len(part)))
        net_ms.append(np.full(len(part), passing / len(part)))
    times = once_ms, np.concatenate(crop_ms), np.concatenate(net_ms)
    yield Progress(len(boxes), len(boxes), Looked(torch.cat(probs), *times, whole))


@torch.inference_mode()
def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What ``work`` gives, and the ms that this thread worked for it."""
    begun = thread_time()
    done = work()
    return done, 1000 * (thread_time() - begun)


def _net() -> "MobileNetV2":
    return cast("MobileNetV2", residence().resident(NETWORK))


def _device(net: "MobileNetV2") -> torch.device:
    return next(net.parameters()).device


def _classes() -> int:
    return len(find_classifier(NETWORK).categories)


def _normalised(pixels: np.ndarray) -> Tensor:
    """float32 (3, H, W), as the network was taught."""
    preset = find_classifier(NETWORK).weights.transforms()
    mean, std = (torch.tensor(each)[:, None, None] for each in (preset.mean, preset.std))
    return (torch.tensor(pixels).permute(2, 0, 1).float() / 255 - mean) / std
