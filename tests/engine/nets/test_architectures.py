"""Architectures: published figures, timm's table of activations, and the depths that papers say."""

from functools import cache

import pytest
import torch
from torch import nn

from engine.errors import InputError
from engine.nets.architectures import (
    Counts,
    build_architecture,
    count,
    find_architecture,
    list_architectures,
    trace_architecture,
)
from engine.nets.blocks import Block, depth_of, read_blocks
from engine.nets.graph import NetGraph
from engine.nets.inception_resnet import InceptionResNetV2, block_17
from engine.nets.opened import Step, open_block
from engine.nets.pace import fill_at_random
from engine.nets.xception import SeparableConv, Xception, XceptionBlock

# What timm's table of results says (results-imagenet.csv, benchmark-infer): million activations.
ACTIVATIONS = {
    "xception": 35.83,
    "inception_resnet_v2": 25.06,
    "inception_v3": 8.97,
    "resnet50": 11.11,
    "vgg16": 13.56,
    "mobilenet_v2": 6.68,
}
# As their papers count; of Inception v3 and Xception as one finds it counted elsewhere.
DEPTHS = {
    "alexnet": 8,
    "vgg16": 16,
    "googlenet": 22,
    "inception_v3": 48,
    "resnet18": 18,
    "resnet50": 50,
    "densenet121": 121,
    "xception": 71,
}


@cache
def counted(name: str) -> Counts:
    return count(name)


@cache
def traced(name: str) -> NetGraph:
    return trace_architecture(name)


@cache
def blocks(name: str) -> list[Block]:
    return read_blocks(traced(name))


def opened(name: str, block: str) -> list[Step]:
    (found,) = [each for each in blocks(name) if each.name == block]
    return open_block(traced(name), found)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_counts_are_the_published_ones(name: str) -> None:
    of, counts = find_architecture(name), counted(name)
    auxiliary = 3_326_696 if name == "inception_v3" else 0  # published with its second head
    assert counts.params + auxiliary == pytest.approx(of.params, rel=1e-3)
    assert counts.macs / 1e9 == pytest.approx(of.gmacs, rel=0.02)
    assert counts.activations / 1e6 == pytest.approx(ACTIVATIONS[name], rel=0.005)


def test_xception_has_its_papers_parameters() -> None:
    assert sum(p.numel() for p in Xception().parameters()) == 22_855_952
    # Keras's 55,873,736 and 30,272 scales of norms that Keras leaves out, less 60,544 running
    # statistics: every norm there has two, and no scale.
    assert counted("inception_resnet_v2").params == 55_873_736 - 2 * 30_272 + 30_272


@pytest.mark.parametrize("name", DEPTHS)
def test_networks_are_as_deep_as_they_are_called(name: str) -> None:
    assert depth_of(traced(name)) == DEPTHS[name]


@pytest.mark.parametrize("name", [*ACTIVATIONS, "vit_b_16", "swin_t", "shufflenet_v2_x1_0"])
def test_blocks_leave_nothing_out(name: str) -> None:
    counts, found = counted(name), blocks(name)
    assert sum(block.params for block in found) == counts.params
    assert sum(block.macs for block in found) == pytest.approx(counts.macs, rel=1e-6)
    assert sum(block.activations for block in found) == counts.activations
    assert found[-1].shape == (1000,)
    nodes = [node for block in found for node in block.nodes]
    assert len(nodes) == len(set(nodes))


def test_equal_blocks_stand_together() -> None:
    middle = next(block for block in blocks("xception") if block.name == "middle.0")
    assert (middle.count, middle.shape, middle.kind) == (8, (19, 19, 728), "XceptionBlock")
    assert middle.is_residual
    assert middle.idea == "depthwise"
    assert middle.params == 8 * 3 * (9 * 728 + 728**2 + 2 * 728)
    assert sum(block.count for block in blocks("resnet50") if block.kind == "Bottleneck") == 16


def test_vggs_weight_lies_in_its_dense_layers() -> None:
    dense = [block for block in blocks("vgg16") if block.idea == "dense"]
    assert [block.params for block in dense] == [102_764_544, 16_781_312, 4_097_000]
    assert [block.shape for block in dense] == [(4096,), (4096,), (1000,)]


def test_a_bottleneck_is_three_convolutions_and_a_sum() -> None:
    steps = opened("resnet50", "layer1.1")
    assert [step.kind for step in steps] == ["input", "pointwise", "conv", "pointwise", "sum"]
    assert steps[-1].sources == [3, 0]
    assert steps[1].finish == ["BN", "ReLU"]
    assert [step.shape[-1] for step in steps] == [256, 64, 64, 256, 256]
    (block,) = [each for each in blocks("resnet50") if each.name == "layer1.1"]
    assert sum(step.params for step in steps) * block.count == block.params


def test_an_inception_module_has_four_branches_and_torchvisions_third_has_no_5_by_5() -> None:
    steps = opened("googlenet", "inception3a")
    join = steps[-1]
    assert join.kind == "concat"
    assert [steps[i].shape[-1] for i in join.sources] == [64, 128, 32, 32]
    assert {step.kernel for step in steps if step.kind == "conv"} == {(3, 3)}
    assert sum(step.kind == "pool" for step in steps) >= 1


def test_a_picture_that_is_prepared_is_no_branch() -> None:
    assert blocks("inception_v3")[0].idea == "plain"


def test_a_residual_inception_block_joins_and_adds() -> None:
    kinds = [step.kind for step in opened("inception_resnet_v2", "blocks_17.0")]
    assert kinds.count("concat") == kinds.count("sum") == 1
    assert (1, 7) in {step.kernel for step in opened("inception_resnet_v2", "blocks_17.0")}


@torch.no_grad()
def test_a_separable_convolution_is_an_ordinary_one_of_rank_one_filters() -> None:
    generator = torch.Generator().manual_seed(3)
    layer = SeparableConv(5, 7)
    depthwise, pointwise = layer[0], layer[1]
    assert isinstance(depthwise, nn.Conv2d)
    assert isinstance(pointwise, nn.Conv2d)
    whole = pointwise.weight * depthwise.weight[:, 0][None]  # (7, 5, 3, 3)
    x = torch.randn(2, 5, 9, 8, generator=generator)
    expected = nn.functional.conv2d(x, whole, padding=1)
    torch.testing.assert_close(pointwise(depthwise(x)), expected, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_blocks_add_what_came_in() -> None:
    for block, channels in ((XceptionBlock(8, (8, 8, 8)), 8), (block_17(), 1088)):
        for parameter in block.parameters():
            parameter.zero_()
        x = torch.rand(1, channels, 6, 6)
        torch.testing.assert_close(block.eval()(x), x)


@torch.no_grad()
@pytest.mark.parametrize(("net", "side"), [(Xception, 71), (InceptionResNetV2, 75)])
def test_our_networks_run_on_real_numbers(net: type[nn.Module], side: int) -> None:
    answer = net(classes=3).eval()(torch.rand(1, 3, side, side))
    assert answer.shape == (1, 3)
    assert torch.isfinite(answer).all()


@torch.no_grad()
def test_random_weights_keep_signals_alive() -> None:
    net = fill_at_random(build_architecture("squeezenet1_1"))
    answer = net(torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0)))
    assert torch.isfinite(answer).all()
    assert answer.std() > 1e-3
    assert not any(parameter.is_meta for parameter in net.parameters())


def test_every_architecture_is_listed_once_with_its_family() -> None:
    every = list_architectures()
    names = [of.name for of in every]
    assert len(names) == len(set(names)) == 82
    assert {"xception", "inception_resnet_v2", "vgg16", "vit_h_14"} <= set(names)
    assert all(50 < of.acc1_percent <= of.newest_acc1_percent + 0.5 for of in every)


def test_an_unknown_architecture_is_a_sentence() -> None:
    for ask in (find_architecture, build_architecture):
        with pytest.raises(InputError, match="no classifier called"):
            ask("resnet19")
