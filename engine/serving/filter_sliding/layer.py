"""The layer on the scene: its trace, and what it costs."""

import torch
import torch.nn.functional as F
from torch import nn

from engine.convolution.conv2d import ConvTrace, conv2d_trace
from engine.convolution.shapes import LayerCost, layer_cost, size_formula
from engine.convolution.signal import conv1d_trace
from engine.convolution.slide import Slide
from engine.pictures import Picture
from engine.serving.filter_sliding.bank import filter_bank
from engine.serving.filter_sliding.scene import scene_input
from engine.serving.filter_sliding.setting import SCENES, Setting
from engine.serving.one_core import on_one_core


def slide_scene(picture: Picture, setting: Setting) -> ConvTrace:
    """The convolution, with everything needed to account for each of its cells.

    Raises:
        InputError: the setting does not fit the scene.
    """
    bias = torch.zeros(setting.filters)
    bias[0] = setting.bias
    values, weight = scene_input(picture, setting), filter_bank(setting)
    if setting.dims == 1:
        return on_one_core(conv1d_trace, values, weight, bias, setting.slide)
    return on_one_core(conv2d_trace, values, weight, bias, setting.slide)


def map_scales(trace: ConvTrace, top: int) -> list[dict[str, bool | float]]:
    """The range that the colours of each filter's map stand for, ``{"signed", "low", "high"}``.

    A map with values on both sides of zero is signed: from -peak to peak. One that lies on a single
    side is grey and begins at 0; the map of a weighted mean (weights of one sign, adding up to 1)
    goes on to ``top``, as the input's grey does, so that the two can be compared.
    """
    scales = []
    for weight, bias, output in zip(trace.weight, trace.bias, trace.output, strict=True):
        low, high = output.min().item(), output.max().item()
        if low < 0 < high or low == high == 0:
            peak = max(-low, high) or 1.0
            scales.append({"signed": True, "low": -peak, "high": peak})
            continue
        is_mean = bool((weight >= 0).all()) and abs(weight.sum().item() - 1) < 1e-4 and bias == 0
        high = float(top) if is_mean and not trace.cols.transposed else max(high, 0.0)
        scales.append({"signed": False, "low": min(low, 0.0), "high": high})
    return scales


def measure_cost(setting: Setting) -> LayerCost:
    """What the layer costs, read from the real one; a signal counts as one cell high."""
    side = SCENES[setting.scene]
    if setting.dims == 2:
        return layer_cost((setting.channels, side, side), setting.filters, setting.slide)
    return _row_cost(setting.channels, side, setting.filters, setting.slide)


def _row_cost(channels: int, width: int, filters: int, slide: Slide) -> LayerCost:
    kind = nn.ConvTranspose1d if slide.transposed else nn.Conv1d
    cut = slide.pads[0] if slide.transposed else 0
    pads = (0, 0) if slide.transposed else slide.pads
    layer = kind(
        channels, filters, slide.kernel_size, slide.stride, cut, dilation=slide.dilation,
        device="meta",
    )  # fmt: skip
    row = torch.empty(channels, width, device="meta")
    output = layer(F.pad(row, pads))
    dense = nn.Linear(row.numel(), output.numel(), device="meta")
    still = Slide(1)
    assert layer.bias is not None
    return LayerCost(
        input_shape=(channels, 1, width),
        output_shape=(filters, 1, output.shape[1]),
        weights=layer.weight.numel(),
        biases=layer.bias.numel(),
        multiply_adds=(width if slide.transposed else output.shape[1]) * layer.weight.numel(),
        input_bytes=row.nbytes,
        output_bytes=output.nbytes,
        parameter_bytes=layer.weight.nbytes + layer.bias.nbytes,
        receptive_field_px=slide.receptive_field_px,
        dense_parameters=sum(each.numel() for each in dense.parameters()),
        height=size_formula(1, still),
        width=size_formula(width, slide),
    )
