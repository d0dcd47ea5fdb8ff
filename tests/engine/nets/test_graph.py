"""Traced networks: names, shapes, layouts and costs, against torchvision's own account of them."""

import copy
import threading

import pytest
import torch
import torchvision
from torch import nn
from torchvision.models.feature_extraction import create_feature_extractor, get_graph_node_names

from engine.errors import InputError
from engine.nets.graph import map_nodes, trace_net
from engine.nets.receptive import receptive_fields
from engine.nets.stages import stages

# One of each architecture; all 80 of torchvision's classifiers take about a minute on one core.
FAMILIES = [
    *("alexnet", "convnext_tiny", "densenet121", "efficientnet_b0", "efficientnet_v2_s"),
    *("googlenet", "inception_v3", "maxvit_t", "mnasnet0_5", "mobilenet_v2", "mobilenet_v3_small"),
    *("regnet_x_400mf", "regnet_y_400mf", "resnet18", "resnext50_32x4d", "shufflenet_v2_x0_5"),
    *("squeezenet1_1", "swin_t", "swin_v2_t", "vgg11", "vgg11_bn", "vit_b_32"),
]
# The published parameters of this one include an auxiliary head that inference does not run.
HEAD_NOT_RUN = {"inception_v3"}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_has_maps_fields_stages_and_the_published_cost(name, traced):
    net = traced(name)
    nodes = map_nodes(net)
    fields = receptive_fields(net)

    assert [node.name for node in nodes] == list(net.maps) == list(fields)
    assert all(fields[node.name].cells == node.size for node in nodes)
    assert not any(field.assumed for field in fields.values())
    assert 1 <= len(stages(nodes)) <= 24
    weights = next(iter(torchvision.models.get_model_weights(name)))
    macs = sum(fact.macs for fact in net.facts.values())
    assert macs / 1e9 == pytest.approx(weights.meta["_ops"], abs=5.1e-4)
    params = sum(fact.params for fact in net.facts.values())
    assert (params == weights.meta["num_params"]) is (name not in HEAD_NOT_RUN)


@pytest.mark.parametrize("name", ["resnet18", "googlenet", "squeezenet1_1", "shufflenet_v2_x0_5"])
def test_names_are_those_of_torchvision(name, weightless):
    model = weightless(name)
    theirs = get_graph_node_names(copy.deepcopy(model), suppress_diff_warning=True)[1]
    net = trace_net(model, (224, 224))
    assert [fact.name for fact in net.facts.values()][:-1] == theirs


@pytest.mark.parametrize("name", ["resnet18", "shufflenet_v2_x0_5"])
def test_shapes_are_those_of_a_real_pass(name, random_net):
    model = random_net(name)
    net = trace_net(model, (72, 56))
    extractor = create_feature_extractor(copy.deepcopy(model), list(net.maps)).eval()
    with torch.no_grad():
        real = extractor(torch.rand(1, 3, 72, 56))
    assert len(net.maps) > 60
    for node in map_nodes(net):
        assert tuple(real[node.name].shape) == (1, node.channels, *node.size)
        assert node.bytes == real[node.name].numel() * 4


def test_sums_so_far_add_up():
    net = trace_net(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 2, 3)), (6, 5))
    first, relu, last = map_nodes(net)
    assert (first.params, first.macs) == (4 * 27 + 4, 4 * 3 * 4 * 27)
    assert (relu.params, relu.macs, relu.kind) == (0, 0, "activation")
    assert (last.params, last.macs) == (2 * 36 + 2, 2 * 2 * 1 * 36)
    assert last.params_so_far == first.params + last.params
    assert last.macs_so_far == first.macs + last.macs


def test_a_layer_that_runs_twice_costs_twice_but_is_learnt_once():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 1, bias=False)

        def forward(self, x):
            return self.conv(self.conv(x))

    first, second = map_nodes(trace_net(Twice(), (4, 4)))
    assert (first.params, second.params) == (9, 0)
    assert first.macs == second.macs == 9 * 16
    assert second.name == "conv_1"


def test_maps_of_one_cell_are_left_out():
    net = trace_net(torchvision.models.squeezenet1_1(), (224, 224))
    assert "classifier.2" in net.maps
    assert "classifier.3" not in net.maps  # global pooling


def test_what_does_not_come_from_the_picture_is_no_map_of_it():
    class Placed(nn.Module):
        def __init__(self):
            super().__init__()
            self.places = nn.Parameter(torch.zeros(1, 3, 8, 8))
            self.conv = nn.Conv2d(3, 3, 1)

        def forward(self, x):
            return x * self.conv(self.places)

    net = trace_net(Placed(), (8, 8))
    assert list(net.maps) == list(receptive_fields(net)) == ["mul"]
    assert sum(fact.macs for fact in net.facts.values()) == 9 * 64


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [
        ("swin_t", ["features.0.2", "features.1.0.add_1", "norm"], ["features.0.0", "permute"]),
        (
            "convnext_tiny",
            ["features.1.0.block.3", "features.1.0.block.1"],
            ["features.1.0.block.0", "features.1.0.add", "features.1.0.block.6"],
        ),
    ],
)
def test_layout_is_known_where_a_network_permutes(name, last, first, traced):
    net = traced(name)
    assert all(net.maps[node].channels_last for node in last)
    assert not any(net.maps[node].channels_last for node in first)


def test_layout_is_followed_through_partition_and_back(traced):
    net = traced("maxvit_t")
    attention = "blocks.1.layers.0.layers.grid_attention"
    whole = net.maps[f"{attention}.departition_op.reshape_1"]
    assert (whole.channels, whole.size, whole.channels_last) == (128, (28, 28), False)
    # (N, windows, cells, C) has four axes too, but is no map
    assert f"{attention}.attn_layer.0" in net.nodes
    assert f"{attention}.attn_layer.0" not in net.maps


def test_a_block_stands_for_its_last_map(traced):
    net = traced("mobilenet_v2")
    assert net.map_name("features.3") == "features.3.add"
    assert net.map_name("features.1") == "features.1.conv.2"  # not features.10 to features.18
    assert net.map_name("features.3.conv.1.0") == "features.3.conv.1.0"
    with pytest.raises(InputError, match=r"features\.0\.0.*features\.18\.2"):
        net.map_name("features.19")


@pytest.mark.parametrize(("name", "size"), [("alexnet", (20, 224)), ("vit_b_32", (100, 100))])
def test_an_impossible_size_is_an_input_error(name, size, weightless):
    with pytest.raises(InputError) as caught:
        trace_net(weightless(name), size)
    assert caught.value.key == "net_size_impossible"
    assert f"{size[0]}×{size[1]} px" in caught.value.sentence("ko")


def test_tracing_leaves_the_model_alone():
    model = torchvision.models.mobilenet_v2().train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    trace_net(model, (64, 64))
    assert all(module.training for module in model.modules())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())


def test_threads_trace_and_run_at_the_same_time(random_net):
    """torch.fx patches nn.Module while it traces; nobody else may notice, and nothing may stay."""
    model = random_net("resnet18")
    x = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    call = nn.Module.__call__
    with torch.no_grad():
        expected = model(x)
    done = threading.Event()
    failures: list[BaseException] = []
    runs = 0

    def run_on() -> None:
        nonlocal runs
        try:
            while not done.is_set():
                with torch.no_grad():
                    torch.testing.assert_close(model(x), expected)
                runs += 1
        except BaseException as error:
            failures.append(error)

    def trace() -> None:
        try:
            assert len(trace_net(model, (64, 64)).maps) > 50
        except BaseException as error:
            failures.append(error)

    runner = threading.Thread(target=run_on)
    runner.start()
    tracers = [threading.Thread(target=trace) for _ in range(4)]
    for thread in tracers:
        thread.start()
    for thread in tracers:
        thread.join()
    done.set()
    runner.join()
    assert not failures
    assert runs > 0
    assert nn.Module.__call__ is call
