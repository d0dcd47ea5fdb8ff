"""The strip of telling maps."""

import pytest
from torch import nn

from engine.nets.graph import NetGraph, map_nodes, trace_net
from engine.nets.stages import stages


def strip(net: NetGraph) -> dict[str, str]:
    """Block → the node that stands for it."""
    found = stages(map_nodes(net))
    return {block: node.name for block, node in found.items()}


def test_no_maps_no_stages():
    assert stages([]) == {}


def test_mobilenet_v2_shows_its_nineteen_blocks(traced):
    found = strip(traced("mobilenet_v2"))
    assert list(found) == [f"features.{i}" for i in range(19)]
    assert found["features.2"] == "features.2.conv.3"
    assert found["features.3"] == "features.3.add"


def test_resnet18_shows_stem_and_block_outputs(traced):
    blocks = [f"layer{i}.{j}" for i in (1, 2, 3, 4) for j in (0, 1)]
    found = strip(traced("resnet18"))
    assert list(found) == ["relu", "maxpool", *blocks]
    assert all(found[block] == f"{block}.relu_1" for block in blocks)


def test_a_plain_stack_shows_activations_and_pools(traced):
    plain, normed = strip(traced("vgg11")), strip(traced("vgg11_bn"))
    assert list(plain)[:4] == ["features.1", "features.2", "features.4", "features.5"]
    assert len(plain) == len(normed) == 8 + 5 + 1  # convolutions, pools, the last average


def test_a_shuffled_block_ends_with_its_shuffle(traced):
    assert strip(traced("shufflenet_v2_x0_5"))["stage2.0"] == "stage2.0.view_1"


def test_patch_merging_is_one_step(traced):
    for name, end in (("swin_t", "reduction"), ("swin_v2_t", "norm")):
        merging = [block for block in strip(traced(name)) if block.startswith("features.2.")]
        assert merging == [f"features.2.{end}"]


@pytest.mark.parametrize("name", ["resnet101", "efficientnet_b1"])
def test_a_deep_network_is_thinned_but_keeps_every_change(name, traced):
    nodes = map_nodes(traced(name))
    found = list(stages(nodes).values())
    assert len(found) == 24
    positions = [nodes.index(node) for node in found]
    assert positions == sorted(positions)
    kinds = {(node.channels, node.size) for node in found}
    ends = [f"layer{i}" for i in (1, 2, 3, 4)] if name == "resnet101" else ["features.8"]
    net_ends = [[n for n in nodes if n.name.startswith(f"{end}.")][-1] for end in ends]
    assert {(node.channels, node.size) for node in net_ends} <= kinds
    assert all(node in found for node in net_ends)


def test_more_changes_than_places_are_spread_evenly():
    layers = [nn.Conv2d(3 + i, 4 + i, 1) for i in range(60)]
    found = strip(trace_net(nn.Sequential(*layers), (4, 4)))
    assert len(found) == 24
    assert next(iter(found)) == "0"
    assert list(found)[-1] == "59"


def test_what_happens_before_the_first_learnt_operation_is_left_out():
    net = trace_net(nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(3, 4, 3)), (16, 16))
    assert list(strip(net)) == ["1"]
