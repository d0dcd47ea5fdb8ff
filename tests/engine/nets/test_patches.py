"""The patches that excite a filter, against a plain greedy search and against the network."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import Tensor, nn

from engine.nets.features import FeatureReader
from engine.nets.graph import trace_net
from engine.nets.patches import Patch, top_patches
from engine.nets.receptive import ReceptiveField, field_of_cell, receptive_fields


def local_field() -> ReceptiveField:
    """4×3 cells that see 3×3 pixels of 8×6, two pixels apart."""
    return receptive_fields(trace_net(nn.Sequential(nn.Conv2d(3, 2, 3, 2, 1)), (8, 6)))["0"]


def whole_field() -> ReceptiveField:
    """4×3 cells that all see everything."""

    class Gated(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 2, 3, 2, 1)

        def forward(self, x: Tensor) -> Tensor:
            y = self.conv(x)
            return y * y.mean((2, 3), keepdim=True)

    return receptive_fields(trace_net(Gated(), (8, 6)))["mul"]


def naive(maps: list[Tensor], channel: int, field: ReceptiveField, count: int) -> list[Patch]:
    """All cells in order of value; each that overlaps none before it in its picture."""
    cells = [
        (-float(each[channel, row, col]), picture, row, col)
        for picture, each in enumerate(maps)
        for row in range(each.shape[1])
        for col in range(each.shape[2])
    ]
    found: list[Patch] = []
    for negative, picture, row, col in sorted(cells):
        seen = field_of_cell(field, row, col)
        x1, y1, x2, y2 = seen.box
        apart = all(
            x2 <= a1 or a2 <= x1 or y2 <= b1 or b2 <= y1
            for a1, b1, a2, b2 in (p.box for p in found if p.picture == picture)
        )
        if negative < 0 and apart and len(found) < count:
            found.append(Patch(picture, (row, col), -negative, seen.box, seen.whole))
    return found


@pytest.mark.parametrize("field", [local_field(), whole_field()], ids=["local", "whole"])
@given(
    st.lists(hnp.arrays("float32", (2, 4, 3), elements=st.integers(-1, 3)), max_size=3),
    st.integers(0, 1),
    st.integers(0, 9),
)
def test_patches_are_those_of_the_naive_search(field, arrays, channel, count):
    maps = [torch.from_numpy(array) for array in arrays]
    assert top_patches(maps, channel, field, count) == naive(maps, channel, field, count)


def test_no_picture_no_patch():
    assert top_patches([], 0, local_field(), 9) == []


def test_a_filter_that_nothing_excites_has_no_patches():
    assert top_patches([torch.zeros(2, 4, 3), -torch.ones(2, 4, 3)], 1, local_field(), 9) == []


def test_ties_go_to_the_lower_picture_row_and_column():
    found = top_patches([torch.ones(2, 4, 3)] * 2, 0, local_field(), 3)
    assert [(patch.picture, patch.cell) for patch in found] == [
        (0, (0, 0)),
        (0, (0, 2)),
        (0, (2, 0)),
    ]


def test_a_cell_that_sees_everything_is_its_pictures_only_one():
    maps = [torch.full((2, 4, 3), 3.0), torch.full((2, 4, 3), 5.0)]
    found = top_patches(maps, 0, whole_field(), 9)
    assert [(patch.picture, patch.whole, patch.box) for patch in found] == [
        (1, True, (0, 0, 6, 8)),
        (0, True, (0, 0, 6, 8)),
    ]


def test_maps_of_another_node_are_refused():
    with pytest.raises(ValueError, match="map 1"):
        top_patches([torch.ones(2, 4, 3), torch.ones(2, 4, 4)], 0, local_field(), 3)


def test_a_patch_alone_excites_as_much_as_its_picture(random_net):
    """Whatever lies outside the box may change: the cell's value stays."""
    model = random_net("resnet18").double()
    net = trace_net(model, (96, 96))
    reader = FeatureReader(model, net, ["layer2.0"])
    generator = torch.Generator().manual_seed(5)
    pictures = torch.randn(3, 3, 96, 96, generator=generator, dtype=torch.double)
    maps = list(reader.read(pictures).maps["layer2.0"])
    field = receptive_fields(net)["layer2.0.relu_1"]
    patches = top_patches(maps, 7, field, 4)
    assert len(patches) == 4
    for patch in patches:
        x1, y1, x2, y2 = patch.box
        other = torch.randn(1, 3, 96, 96, generator=generator, dtype=torch.double)
        other[0, :, y1:y2, x1:x2] = pictures[patch.picture, :, y1:y2, x1:x2]
        alone = reader.read(other).maps["layer2.0"][0, 7]
        assert float(alone[patch.cell]) == pytest.approx(patch.value, rel=1e-6)
