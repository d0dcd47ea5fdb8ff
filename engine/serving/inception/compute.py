"""An Inception module at work on the learner's picture, and what its bottlenecks save."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torchvision.models.googlenet import GoogLeNet, Inception

from engine.cache import Cache
from engine.inception.bottleneck import fold, pixel_sum, run
from engine.inception.cost import count, measure_ms
from engine.inception.module import SMALL_MODULES, SmallGoogLeNet
from engine.inception.opened import (
    LARGE,
    OpenedBranch,
    OpenedModule,
    changed,
    maps_before,
    modules_of,
    open_module,
)
from engine.inception.weights import load_inception
from engine.pictures import Picture, resize_longest
from engine.serving.inception.contract import PixelQuestion, Question

LONGEST_PX = 128  # of the picture as the small network gets it
TILES = 12  # maps of a step that are shown
KEPT, KEPT_TIMES = 8, 512
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture on its way through a network.

    Attributes:
        view: uint8 (H, W, 3), what the network is shown.
        before: by module, what comes into it, float32 (C, h, w).
        modules: the modules by name.
    """

    view: np.ndarray
    before: dict[str, Tensor]
    modules: dict[str, Inception]


_seen: Cache[Seen] = Cache(KEPT)
_whole: Cache[OpenedModule] = Cache(KEPT)
_times: Cache[float] = Cache(KEPT_TIMES)


def look(picture: Picture, asked: Question) -> Answer:
    """The four branches and their cost.

    Raises:
        InputError: torchvision's GoogLeNet is asked for and its weights are not at hand.
    """
    seen = see(picture, asked.module)
    module, x = seen.modules[asked.module], seen.before[asked.module]
    whole = _whole.get((picture.ref, asked.module), lambda: open_module(module, x))
    opened = whole if asked.share == 100 else open_module(module, x, asked.share / 100)
    arrays: dict[str, np.ndarray] = {"view": seen.view}
    branches = []
    for name, branch in opened.branches.items():
        steps = {"between": branch.between, "out": branch.out}
        told = {k: _tiles(arrays, f"{name}_{k}", m) for k, m in steps.items() if m is not None}
        kernel = branch.layers[-1].kernel_size[0]
        facts = {"name": name, "kernel": kernel, "steps": told}
        branches.append(facts | _cost(branch, x, asked.module))
    return arrays, {
        "module": asked.module,
        "shape": list(x.shape),
        "out": len(opened.out),
        "branches": branches,
        "large": _saved([each for each in branches if each["name"] in LARGE]),
        "total": _saved(branches),
        "changed_percent": 100 * changed(whole, opened),
        "share": asked.share,
    }


def see(picture: Picture, module: str) -> Seen:
    """The picture before each module of the network that has this one, from memory if just seen.

    Raises:
        InputError: its weights are not at hand.
    """
    is_small = module in SMALL_MODULES
    read = _see_small if is_small else _see_googlenet
    return _seen.get((picture.ref, is_small), lambda: read(picture))


@torch.no_grad()
def _see_small(picture: Picture) -> Seen:
    trained = load_inception()
    view = resize_longest(picture.pixels, LONGEST_PX)
    x = torch.tensor(view).permute(2, 0, 1).float() / 255
    x = (x - trained.mean[:, None, None]) / trained.std[:, None, None]
    return _walk(view, trained.net, x[None])


@torch.no_grad()
def _see_googlenet(picture: Picture) -> Seen:
    from engine.nets.catalog import find_classifier, load
    from engine.nets.classify import preprocess, seen_picture

    weights = find_classifier("googlenet").weights
    net = load("googlenet")
    assert isinstance(net, GoogLeNet)
    net.requires_grad_(False)
    return _walk(seen_picture(picture.pixels, weights), net, preprocess(picture.pixels, weights))


def _walk(view: np.ndarray, net: SmallGoogLeNet | GoogLeNet, x: Tensor) -> Seen:
    before = {name.removeprefix("inception"): maps for name, maps in maps_before(net, x)}
    modules = {name.removeprefix("inception"): each for name, each in modules_of(net).items()}
    return Seen(np.ascontiguousarray(view), before, modules)


def _tiles(arrays: dict[str, np.ndarray], name: str, maps: Tensor) -> dict[str, Any]:
    """Puts the strongest maps of a step, as bytes up to their common peak, among the arrays."""
    order = maps.mean((1, 2)).argsort(descending=True, stable=True)[:TILES]
    low, peak = min(0.0, maps.min().item()), maps.max().item()
    scale = 255 / (peak - low) if peak > low else 0.0
    arrays[name] = ((maps[order] - low) * scale).round().byte().numpy()
    return {"channels": len(maps), "picked": order.tolist(), "low": low, "high": peak}


def _cost(branch: OpenedBranch, x: Tensor, module: str) -> dict[str, Any]:
    """A branch as it ran, and without its bottleneck: parameters, multiply-adds, milliseconds."""
    kept = _told(branch.layers, x, module, len(branch.layers[0].weight))
    if branch.direct is None:
        return {"kept": kept, "without": kept}
    return {"kept": kept, "without": _told((branch.direct,), x, module, 0)}


def _told(layers: tuple[torch.nn.Conv2d, ...], x: Tensor, module: str, width: int) -> dict:
    cost = count(layers, x)
    key = (module, tuple(x.shape), layers[0].in_channels, layers[-1].out_channels, width)
    key = (*key, layers[-1].kernel_size)
    ms = _times.get(key, lambda: measure_ms(layers, x))
    return {"params": cost.params, "macs": cost.macs, "ms": ms}


def _saved(branches: list[dict[str, Any]]) -> dict[str, Any]:
    """Sums over branches, with and without bottlenecks, and how many times less it is with."""
    sums: dict[str, Any] = {
        kind: {name: sum(each[kind][name] for each in branches) for name in branches[0]["kept"]}
        for kind in ("kept", "without")
    }
    times = {name: sums["without"][name] / sums["kept"][name] for name in sums["kept"]}
    return sums | {"times": times}


def look_at_pixel(picture: Picture, asked: PixelQuestion) -> Answer:
    """One number behind a 1×1 convolution, as the sum that it is.

    Raises:
        InputError: torchvision's GoogLeNet is asked for and its weights are not at hand.
    """
    seen = see(picture, asked.module)
    x, layer = _one_by_one(seen, asked)
    channel = min(asked.channel, layer.out_channels - 1)
    maps = run((layer,), x)
    row, column = _place(asked.pixel, maps[channel])
    written = pixel_sum(layer, x, channel, row, column)
    products = (written.inputs * written.weights).numpy()
    order = np.argsort(-np.abs(products), kind="stable")
    largest = x[int(order[0])]
    arrays = {
        "view": seen.view,
        "inputs": written.inputs.numpy().copy(),
        "weights": written.weights.numpy().copy(),
        "products": products,
        "came": largest.numpy().copy(),
        "out": maps[channel].numpy().copy(),
    }
    about = {
        "row": row,
        "column": column,
        "size": list(maps.shape[1:]),
        "inputs": len(products),
        "filters": layer.out_channels,
        "channel": channel,
        "order": order.tolist(),
        "bias": written.bias,
        "total": written.total,
        "value": written.value,
        "positive": float(products[products > 0].sum()),
        "negative": float(products[products < 0].sum()),
        "limits": {"channel": {"high": layer.out_channels - 1}},
    }
    return arrays, about | {"largest": int(order[0])}


def _one_by_one(seen: Seen, asked: PixelQuestion) -> tuple[Tensor, torch.nn.Conv2d]:
    """What comes into the branch's 1×1 convolution, and that with its norm folded in."""
    parts: Any = seen.modules[asked.module]
    x = seen.before[asked.module]
    if asked.branch == "pool":
        return parts.branch4[0](x[None])[0], fold(parts.branch4[1])
    unit = {"one": parts.branch1, "three": parts.branch2[0], "five": parts.branch3[0]}
    return x, fold(unit[asked.branch])


def _place(pixel: str, out: Tensor) -> tuple[int, int]:
    """The pixel that is meant; the brightest where none is, or where it lies outside."""
    height, width = out.shape
    if pixel:
        row, column = (int(each) for each in pixel.split(","))
        if row < height and column < width:
            return row, column
    return divmod(int(out.argmax()), width)
