"""Receptive fields, against what reaches a cell: NaN in a pixel."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from engine.errors import InputError
from engine.nets.features import FeatureReader
from engine.nets.graph import NetGraph, trace_net
from engine.nets.receptive import ReceptiveField, field_of_cell, receptive_fields

Spans = list[tuple[int, int]]


def reached_by_nan(
    reader: FeatureReader, names: list[str], axis: int, length: int, across: int
) -> dict[str, Spans]:
    """For each row (axis 0) or column (1) of cells, the pixels whose NaN reaches it.

    The pictures are as long as ``length`` along the axis and only ``across`` wide beside it.
    """
    size = (length, across) if axis == 0 else (across, length)
    x = torch.zeros(length, 3, *size, dtype=torch.double)
    for pixel in range(length):
        x[pixel].select(1 + axis, pixel).fill_(torch.nan)
    spans: dict[str, Spans] = {}
    for name, maps in reader.read(x).maps.items():  # (pixel, C, H, W)
        reached = maps.isnan().any(dim=1).any(dim=2 - axis)  # (pixel, cells)
        seen = [column.nonzero().flatten().tolist() for column in reached.T]
        spans[name] = [(pixels[0], pixels[-1] + 1) if pixels else (0, 0) for pixels in seen]
    return spans


def assert_fields_are_what_nan_reaches(
    model: nn.Module, net: NetGraph, names: list[str], across: int | None = None
) -> None:
    fields = receptive_fields(net)
    reader = FeatureReader(model, net, names)
    height, width = net.input_size
    down = reached_by_nan(reader, names, 0, height, across or width)
    right = reached_by_nan(reader, names, 1, width, across or height)
    for name in names:
        rows, cols = (reach.spans for reach in fields[net.map_name(name)].grid)
        if (0, 0) in {max(rows), max(cols)}:  # nothing but padding along one side: nothing at all
            rows, cols = [(0, 0)] * len(rows), [(0, 0)] * len(cols)
        assert down[name] == list(rows), name
        assert right[name] == list(cols), name


@pytest.mark.parametrize(
    ("name", "size", "nodes"),
    [
        ("resnet18", (64, 48), ["conv1", "maxpool", "layer1.0", "layer2.0.downsample.0", "layer2"]),
        ("resnet18", (61, 70), ["layer1.1.conv1", "layer3.0", "layer3.0.downsample.0", "layer4"]),
        ("vgg11", (44, 37), ["features.0", "features.4", "features.10", "features.19", "avgpool"]),
        ("mobilenet_v2", (64, 48), [f"features.{i}" for i in (0, 1, 2, 3, 4, 6, 8)]),
        ("mobilenet_v2", (53, 90), ["features.2.conv.1", "features.5", "features.8.conv.0"]),
        ("densenet121", (40, 33), ["features.transition1", "features.denseblock1.denselayer2"]),
        ("googlenet", (64, 50), ["conv3", "inception3a", "inception3b.branch4", "maxpool3"]),
        ("squeezenet1_1", (50, 63), ["features.4", "features.9", "classifier.1"]),
        ("shufflenet_v2_x0_5", (64, 50), ["maxpool", "stage2.0", "stage2.1", "stage3.0"]),
    ],
)
def test_every_cell_sees_what_reaches_it(name, size, nodes, random_net):
    """All rows and columns of cells, borders included; double precision, since fast float
    convolutions (Winograd) mix neighbouring tiles.
    """
    model = random_net(name).double()
    # The sides do not mix, so a narrow picture will do.
    across = 32 if name in ("vgg11", "squeezenet1_1") else 16
    assert_fields_are_what_nan_reaches(model, trace_net(model, size), nodes, across)


@st.composite
def stacks(draw: st.DrawFn) -> nn.Sequential:
    """Two to four convolutions and pools with any window, stride, padding and dilation."""
    layers: list[nn.Module] = []
    for _ in range(draw(st.integers(2, 4))):
        window = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
        stride = draw(st.integers(1, 3))
        padding = (draw(st.integers(0, window[0] // 2)), draw(st.integers(0, window[1] // 2)))
        kind = draw(st.sampled_from(["conv", "dilated", "max", "average", "ceil", "adaptive"]))
        if kind in ("conv", "dilated"):
            dilation = 2 if kind == "dilated" else 1
            extra = draw(st.integers(0, 2))  # a cell may then see padding only
            pads = (padding[0] + extra, padding[1])
            layers.append(nn.Conv2d(3, 3, window, stride, pads, dilation, dtype=torch.double))
        elif kind == "adaptive":
            layers.append(nn.AdaptiveAvgPool2d((draw(st.integers(2, 5)), draw(st.integers(2, 5)))))
        elif kind == "average":
            layers.append(nn.AvgPool2d(window, stride, padding))
        else:
            layers.append(nn.MaxPool2d(window, stride, padding, ceil_mode=kind == "ceil"))
    return nn.Sequential(*layers).eval()


@settings(max_examples=40)
@given(stacks(), st.integers(9, 20), st.integers(9, 20))
def test_any_stack_of_windows_is_followed_exactly(stack, height, width):
    try:
        net = trace_net(stack, (height, width))
    except InputError:
        return  # the map ran out of cells
    with torch.no_grad():
        for param in stack.parameters():
            param.abs_()
    assert_fields_are_what_nan_reaches(stack, net, list(net.maps))


@pytest.mark.parametrize(
    ("name", "node", "size", "jump", "first"),
    [
        ("alexnet", "features.12", 195, 32, 33.5 - 2),
        ("vgg11", "features.20", 150, 32, 16),
        ("resnet18", "layer4.1.relu_1", 435, 32, 0.5),
        ("inception_v3", "Mixed_7c.cat_2", 1311, 32, None),
        ("mobilenet_v2", "features.18.2", 491, 32, 0.5),
        ("squeezenet1_1", "features.0", 3, 2, 1.5),
    ],
)
def test_textbook_numbers(name, node, size, jump, first, traced):
    """Sizes as published by Araujo et al. 2019 where they list the network."""
    field = receptive_fields(traced(name))[node]
    assert field.size == (size, size)
    assert (field.rows.jump, field.cols.jump) == (jump, jump)
    if first is not None:
        assert (field.rows.first, field.cols.first) == (first, first)
    assert field.lost_at is None


def test_behind_squeeze_and_excitation_every_cell_sees_everything(traced):
    net = traced("mobilenet_v3_small")
    fields = receptive_fields(net)
    assert fields["features.0.2"].lost_at is None
    assert fields["features.1.block.0.2"].size == (7, 7)
    behind = [name for name in fields if name.startswith("features.1.block.2")]
    for name in [*behind, *[f"features.{i}.add" for i in (3, 5)], "features.12.2"]:
        assert fields[name].lost_at == "features.1.block.1.avgpool"
        assert not fields[name].assumed
        assert field_of_cell(fields[name], 0, 1).whole
        assert field_of_cell(fields[name], 0, 1).box == (0, 0, 224, 224)


def test_squeeze_and_excitation_really_reaches_every_cell(random_net):
    model = random_net("mobilenet_v3_small").double()
    net = trace_net(model, (64, 48))
    assert_fields_are_what_nan_reaches(model, net, ["features.0", "features.1", "features.4"])


class Then(nn.Module):
    """A convolution followed by a function."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.conv(x))


@pytest.mark.parametrize(
    ("function", "assumed"),
    [
        (lambda y: y + y.mean((2, 3), keepdim=True), False),
        (lambda y: y * torch.nn.functional.adaptive_avg_pool2d(y, 1), False),
        (lambda y: torch.nn.functional.group_norm(y, 2) + y, False),
        (lambda y: torch.nn.functional.layer_norm(y, (4, 8, 8)) + y, False),
        (lambda y: torch.cumsum(y, 2) + y, True),
        (lambda y: y + y.transpose(2, 3), True),
        (lambda y: torch.cat([y[:, :, 4:], y[:, :, :4]], 2), True),
        (lambda y: y[:, :, ::2] + torch.nn.functional.avg_pool2d(y, (2, 1)), True),
    ],
)
def test_what_looks_further_is_the_whole_picture_and_says_whether_that_is_known(function, assumed):
    fields = receptive_fields(trace_net(Then(function), (8, 8)))
    assert fields["conv"].lost_at is None
    last = list(fields.values())[-1]
    assert last.lost_at is not None
    assert last.assumed is assumed
    assert last.size == (8, 8)


@pytest.mark.parametrize(
    "function",
    [
        lambda y: y.relu() * 2,
        lambda y: torch.cat([y[:, 2:], y[:, :2]], 1),
        lambda y: torch.nn.functional.layer_norm(y.permute(0, 2, 3, 1), (4,)).permute(0, 3, 1, 2),
        lambda y: torch.cat(y.chunk(2, 1), 1),
        lambda y: y.view(2, 2, 2, 8, 8).transpose(1, 2).reshape(2, 4, 8, 8),
        lambda y: y * y.mean(1, keepdim=True),
    ],
)
def test_what_stays_in_its_cell_stays_local(function):
    fields = receptive_fields(trace_net(Then(function), (8, 8)))
    last = list(fields.values())[-1]
    assert last.lost_at is None
    assert last.size == (3, 3)
    assert last.rows.spans[0] == (0, 2)


def test_dilation_by_hand():
    """kernel 3, dilation 2, padding 1, then stride 2: worked out on paper."""
    stack = nn.Sequential(nn.Conv2d(3, 1, 3, dilation=2, padding=1), nn.Conv2d(1, 1, 2, stride=2))
    first, second = receptive_fields(trace_net(stack, (8, 8))).values()
    assert (first.rows.size, first.rows.jump, first.rows.first) == (5, 1, 1.5)
    assert first.rows.spans == ((1, 4), (0, 5), (1, 6), (2, 7), (3, 8), (4, 7))
    assert (second.rows.size, second.rows.jump, second.rows.first) == (6, 2, 2)
    assert second.rows.spans == ((0, 5), (1, 7), (3, 8))


def small_field() -> ReceptiveField:
    return receptive_fields(trace_net(nn.Sequential(nn.Conv2d(3, 2, 3, 2, 1)), (9, 5)))["0"]


@pytest.mark.parametrize(
    ("cell", "box"), [((0, 0), (0, 0, 2, 2)), ((1, 1), (1, 1, 4, 4)), ((4, 2), (3, 7, 5, 9))]
)
def test_boxes_are_xyxy_and_clipped(cell, box):
    found = field_of_cell(small_field(), *cell)
    assert found.box == box
    assert not found.whole


def test_a_local_cell_may_see_the_whole_picture_too():
    field = receptive_fields(trace_net(nn.Sequential(nn.Conv2d(3, 2, 5, padding=2)), (3, 3)))["0"]
    assert field.lost_at is None
    assert field_of_cell(field, 1, 1).whole


@pytest.mark.parametrize(
    ("row", "col", "name"), [(-1, 0, "row"), (5, 0, "row"), (0, 3, "column"), (0, -1, "column")]
)
def test_cells_outside_the_map_are_input_errors(row, col, name):
    with pytest.raises(InputError, match=name) as caught:
        field_of_cell(small_field(), row, col)
    assert caught.value.key == "value_out_of_range"
