"""A classifier run on every window in one pass: its dense layer becomes a convolution.

A dense layer on a flattened map of ``(C, h, w)`` multiplies each cell with a weight of its own and
adds up: a convolution whose kernel is as large as the map. On a larger picture that kernel slides,
and each of its places is a window; what windows share is computed once. Windows then lie as far
apart as the net's pooling makes them (its stride). A finer grid takes several passes over a shifted
picture, whose maps are interleaved ("shift and stitch").

Sources: LeCun et al. 1998, section VII; Sermanet et al., "OverFeat", ICLR 2014; Long, Shelhamer,
Darrell, "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015 (the name).
"""

import copy
from collections.abc import Generator
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor, nn

from engine.detection.windows import Grid, crop_batches
from engine.errors import InputError
from engine.progress import Progress

_POINTWISE = (
    nn.ReLU,
    nn.LeakyReLU,
    nn.GELU,
    nn.Tanh,
    nn.Sigmoid,
    nn.Identity,
    nn.Dropout,
    nn.BatchNorm2d,
)
_WINDOWED = (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)


@dataclass(frozen=True, eq=False)
class FullyConvolutional:
    """A classifier whose dense layers are convolutions; in eval mode, a copy of its own.

    Attributes:
        net: ``(N, C, H, W)`` to logits ``(N, classes, rows, columns)``, one cell a window.
        window_px: ``(height, width)`` of the window that one cell sees.
        stride_px: pixels between the windows of neighbouring cells.
        padded: whether a layer pads: then windows see each other's pixels where alone they would
            see zeros, and the logits differ from those of the crops.
        dense: name in ``net`` of the convolution that was the first dense layer.
        maps: how many layers of ``net`` make the maps that were flattened, or averaged.
    """

    net: nn.Sequential
    window_px: tuple[int, int]
    stride_px: int
    padded: bool
    dense: str
    maps: int


@torch.no_grad()
def to_convolutional(net: nn.Module, input_shape: tuple[int, int, int]) -> FullyConvolutional:
    """Turn each dense layer of a classifier into a convolution with the same weights.

    Args:
        net: convolutions, pooling, activations and batch norms, ``nn.Flatten``, linear layers: a
            ``nn.Sequential``, or ``features`` followed by ``classifier``. Left as it is.
        input_shape: ``(C, height, width)`` of the window that it classifies.

    Raises:
        InputError: a net of another kind.
        ValueError: the parts do not do what the net does.
    """
    layers = _flat(net)
    names = [type(layer).__name__ for layer in layers]
    if "Flatten" not in names or "Linear" not in names:
        raise InputError("net_no_dense", net=type(net).__name__)
    flatten = names.index("Flatten")
    trunk, head = layers[:flatten], layers[flatten + 1 :]
    ramp = torch.linspace(0, 1, prod(input_shape), device=_device(net))
    x = ramp.reshape(1, *input_shape)
    map_shape = nn.Sequential(*trunk)(x).shape[1:]
    dense = next(layer for layer in head if isinstance(layer, nn.Linear))
    turned = [
        _to_conv(layer, map_shape if layer is dense else (layer.in_features, 1, 1))
        if isinstance(layer, nn.Linear)
        else layer
        for layer in head
    ]
    whole = nn.Sequential(*trunk, *turned).eval()
    expected = copy.deepcopy(net).eval()(x)
    if not torch.allclose(whole(x)[:, :, 0, 0], expected, atol=1e-4, rtol=1e-4):
        raise ValueError(f"{type(net).__name__} is more than its features and its classifier")
    return FullyConvolutional(
        net=whole,
        window_px=input_shape[1:],
        stride_px=_stride(trunk),
        padded=any(_pads(layer) for layer in trunk),
        dense=str(len(trunk) + head.index(dense)),
        maps=len(trunk),
    )


@torch.no_grad()
def averaged_to_convolutional(
    features: nn.Module, dense: nn.Linear, input_px: int, stride_px: int
) -> FullyConvolutional:
    """The same for a net that averages its last map before the dense layer, as newer ones do.

    The average becomes one over every part of the map as large as a window's own, one cell apart,
    and the dense layer a convolution with a kernel of one cell.

    Args:
        features: ``(N, C, H, W)`` to maps, padded; in eval mode; shared, only read.
        dense: the layer after the average.
        input_px: side of the window, a multiple of ``stride_px``.
        stride_px: pixels for one cell of the map.

    Raises:
        ValueError: the maps of a window are not ``input_px / stride_px`` cells wide.
    """
    cells = features(torch.zeros(1, 3, input_px, input_px, device=_device(features))).shape[-1]
    if cells * stride_px != input_px:
        raise ValueError(f"{cells} cells of {stride_px} px are not a window of {input_px} px")
    turned = _to_conv(dense, (dense.in_features, 1, 1)).requires_grad_(False)
    return FullyConvolutional(
        net=nn.Sequential(features, nn.AvgPool2d(cells, 1), turned).eval(),
        window_px=(input_px, input_px),
        stride_px=stride_px,
        padded=True,
        dense="2",
        maps=1,
    )


@dataclass(frozen=True, eq=False)
class Sweep:
    """The logits of every window, and what they took.

    Attributes:
        logits: float32 ``(classes, rows, columns)``.
        passes: how often the net ran.
    """

    logits: Tensor
    passes: int


@torch.no_grad()
def sweep_crops(
    net: nn.Module, picture: Tensor, grid: Grid, batch: int = 1
) -> Generator[Progress[Sweep]]:
    """Classify the crop under every window, ``batch`` of them in one pass.

    Args:
        net: ``(N, C, h, w)`` to logits ``(N, classes)``, in eval mode.
        picture: float32 ``(C, H, W)``, as the net wants it.
        grid: the windows.
        batch: 1 is the sliding window as one first thinks of it.

    Yields:
        Progress in windows; the last with the logits.
    """
    rows, columns = grid.shape
    parts: list[Tensor] = []
    done = 0
    for batch_of_crops in crop_batches(picture, grid, batch):
        parts.append(net(batch_of_crops))
        done += len(batch_of_crops)
        result = None
        if done == grid.count:
            logits = torch.cat(parts).T.reshape(-1, rows, columns)
            result = Sweep(logits, len(parts))
        yield Progress(done, grid.count, result)


@torch.no_grad()
def sweep_picture(net: FullyConvolutional, picture: Tensor, grid: Grid) -> Sweep:
    """Classify all windows together: one pass, or as many as the grid is finer than the net.

    Args:
        net: the classifier.
        picture: float32 ``(C, H, W)``, as the net wants it.
        grid: windows of the net's size, at any stride.

    Raises:
        ValueError: windows of another size, or a picture that is not the grid's.
    """
    if grid.window_px != net.window_px or tuple(picture.shape[1:]) != grid.size:
        raise ValueError(f"{net.window_px} on {tuple(picture.shape)} is not {grid}")
    rows, columns = (_phases(count, grid.stride_px, net.stride_px) for count in grid.shape)
    logits = None
    for dy, at_rows, cell_rows in rows:
        for dx, at_columns, cell_columns in columns:
            passed = net.net(picture[None, :, dy:, dx:])[0]  # (classes, ...)
            if logits is None:
                logits = passed.new_empty(len(passed), *grid.shape)
            logits[:, at_rows[:, None], at_columns] = passed[:, cell_rows[:, None], cell_columns]
    assert logits is not None  # a grid has at least one window
    return Sweep(logits, len(rows) * len(columns))


def _phases(count: int, stride_px: int, net_stride_px: int) -> list[tuple[int, Tensor, Tensor]]:
    """Along one side: each shift that is needed, the windows that it serves, and their cells."""
    starts = torch.arange(count) * stride_px
    phases = []
    for shift in (starts % net_stride_px).unique().tolist():
        at = (starts % net_stride_px == shift).nonzero()[:, 0]
        phases.append((shift, at, (starts[at] - shift) // net_stride_px))
    return phases


def _flat(net: nn.Module) -> list[nn.Module]:
    """Copies of the innermost layers in the order in which they run."""
    if isinstance(net, nn.Sequential):
        return [layer for child in net for layer in _flat(child)]
    features, classifier = getattr(net, "features", None), getattr(net, "classifier", None)
    if isinstance(features, nn.Module) and isinstance(classifier, nn.Module):
        return _flat(features) + _flat(classifier)
    if not isinstance(net, (*_POINTWISE, *_WINDOWED, nn.Flatten, nn.Linear)):
        raise InputError("net_not_convertible", layer=type(net).__name__)
    return [copy.deepcopy(net).eval()]


def _to_conv(dense: nn.Linear, map_shape: torch.Size | tuple[int, int, int]) -> nn.Conv2d:
    """The dense layer as a convolution over maps of ``(C, h, w)``."""
    channels, height, width = map_shape
    conv = nn.Conv2d(channels, dense.out_features, (height, width), bias=dense.bias is not None)
    conv.weight.data = dense.weight.data.reshape(-1, channels, height, width).clone()
    if conv.bias is not None:
        conv.bias.data = dense.bias.data.clone()
    return conv


def _stride(trunk: list[nn.Module]) -> int:
    product = 1
    for layer in trunk:
        if isinstance(layer, _WINDOWED):
            down, across = _pair(layer.stride)
            if down != across or getattr(layer, "ceil_mode", False):
                raise InputError("net_not_convertible", layer=repr(layer))
            product *= down
    return product


def _pads(layer: nn.Module) -> bool:
    if not isinstance(layer, _WINDOWED):
        return False
    padding = layer.padding
    return padding == "same" or (not isinstance(padding, str) and any(_pair(padding)))


def _pair(value: int | tuple[int, ...]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (value[0], value[-1])


def _device(net: nn.Module) -> torch.device:
    return next(net.parameters()).device
