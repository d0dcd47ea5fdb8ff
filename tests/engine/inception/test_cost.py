"""Costs: against torch's own counter, the paper's table, and by hand."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine.inception import cost
from engine.inception.asymmetric import FOLLOWED, count_asymmetric
from engine.inception.cost import (
    WAYS,
    breaks_even,
    build_way,
    count,
    count_way,
    measure_ms,
    module_costs,
)

# Szegedy et al. 2015, table 1: parameters (in thousands) and operations (in millions) of 3a to 5b.
TABLE_PARAMS = [159, 380, 364, 437, 463, 580, 840, 1072, 1388]
TABLE_MACS = [128, 304, 73, 88, 100, 119, 170, 54, 71]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("size", "width"), [(3, 4), (5, 16), (7, 40)])
def test_counts_are_torchs_own(way: str, size: int, width: int) -> None:
    shape = (24, 9, 11)
    layers = build_way(way, 24, 8, size, width)
    with FlopCounterMode(display=False) as counter:
        made = layers(torch.zeros(1, *shape))
    counted = count_way(way, shape, 8, size, width)
    assert counted.macs == counter.get_total_flops() // 2
    assert counted.params == sum(p.numel() for p in layers.parameters())
    assert counted == count(tuple(layers), torch.zeros(shape))
    assert made.shape == (1, 8, 9, 11)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [3, 5, 7])
def test_all_ways_see_equally_far(way: str, size: int) -> None:
    layers = build_way(way, 3, 2, size, 4)
    for layer in layers:
        if isinstance(layer, nn.Conv2d):
            layer.weight.data.fill_(1)
    x = torch.zeros(1, 3, 15, 15)
    x[..., 7, 7] = 1
    reached = layers(x)[0, 0] > 0
    expected = torch.zeros(15, 15, dtype=torch.bool)
    expected[7 - size // 2 : 8 + size // 2, 7 - size // 2 : 8 + size // 2] = True
    assert torch.equal(reached, expected)


def test_the_papers_first_five_by_five() -> None:
    shape = (192, 28, 28)
    assert count_way("direct", shape, 32, 5, 16).macs == 120_422_400
    assert count_way("bottleneck", shape, 32, 5, 16).macs == 12_443_648
    # with as many channels everywhere two 3×3 need 18 weights where 5×5 needs 25
    one, both = (
        count_way(way, (64, 8, 8), 64, 5, 64).params - 64 * 64 for way in ("bottleneck", "stacked")
    )
    assert both / one == 18 / 25


@pytest.mark.parametrize(
    ("inputs", "filters", "size"), [(192, 32, 5), (64, 64, 3), (8, 128, 7), (512, 8, 3)]
)
def test_up_to_where_a_bottleneck_saves(inputs: int, filters: int, size: int) -> None:
    shape = (inputs, 4, 4)
    direct = count_way("direct", shape, filters, size, 1).macs
    even = breaks_even(inputs, filters, size)
    assert count_way("bottleneck", shape, filters, size, even).macs < direct
    assert count_way("bottleneck", shape, filters, size, even + 1).macs >= direct


def test_the_nine_modules_are_those_of_the_papers_table() -> None:
    costs = module_costs()
    assert [each.name for each in costs] == ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"]
    assert [each.out for each in costs] == [256, 480, 512, 512, 512, 528, 832, 832, 1024]
    for each, params, macs in zip(costs, TABLE_PARAMS, TABLE_MACS, strict=True):
        # the table's own slips: 4c's parameters, 5a's operations
        assert each.kept.params / 1e3 == pytest.approx(params, rel=0.11)
        assert each.kept.macs / 1e6 == pytest.approx(macs, rel=0.06)
        assert each.without.macs > 2 * each.kept.macs


def test_the_asymmetric_filters_of_those_that_followed() -> None:
    found = {name: count_asymmetric(name).found for name in FOLLOWED}
    assert found["googlenet"] == found["xception"] == 0
    # Inception v3: four blocks of 17 × 17 have 6 each, the two of 8 × 8 4 each, one reduction 2
    assert found["inception_v3"] == 4 * 6 + 2 * 4 + 2
    # Inception-ResNet-v2: 20 blocks of 17 × 17 and 10 of 8 × 8 have a pair each
    assert found["inception_resnet_v2"] == 2 * 20 + 2 * 10


def test_time_is_that_of_the_quickest_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 1.007, 1.001, 1.003, 1.003, 1.009, 1.009])  # 7, 2 and 6 ms
    monkeypatch.setattr(cost, "perf_counter", lambda: next(clock, 2.0))
    seen = []

    class Watched(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            seen.append(tuple(x.shape))
            return x

    assert measure_ms((Watched(),), torch.rand(3, 4, 5)) == pytest.approx(2)
    assert set(seen) == {(1, 3, 4, 5)}
    assert len(seen) == 4  # one that is not counted, and three
