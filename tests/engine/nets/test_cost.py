"""Cost: the published numbers of every classifier, torch's own counter, and real outputs."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision import models
from torchvision.models._api import WeightsEnum

from engine.errors import InputError
from engine.nets.catalog import build, build_unfilled, find_classifier, list_classifiers
from engine.nets.cost import Cost, measure_classifier, measure_cost
from engine.nets.graph import trace_net


def _weights_by_size() -> dict[tuple[str, int], list[WeightsEnum]]:
    """Every published set of weights, by classifier and picture size."""
    found: dict[tuple[str, int], list[WeightsEnum]] = {}
    for name in models.list_models(module=models):
        for weights in models.get_model_weights(name):
            found.setdefault((name, weights.transforms().crop_size[0]), []).append(weights)
    return found


PUBLISHED = _weights_by_size()


def _measure(model: nn.Module, size: tuple[int, int]) -> Cost:
    return measure_cost(model, trace_net(model, size))


@pytest.mark.parametrize(("name", "side_px"), PUBLISHED)
def test_every_classifier_costs_what_is_published(name, side_px):
    weights = PUBLISHED[name, side_px]
    cost = measure_classifier(name, weights[0])
    assert cost.input_size == (side_px, side_px)
    for published in weights:
        assert cost.params == published.meta["num_params"]
        assert cost.macs / 1e9 == pytest.approx(published.meta["_ops"], rel=0.02)
    # Inception's second head learns but does not run.
    unused = 3_326_696 if name == "inception_v3" else 0
    assert sum(node.params for node in cost.nodes) == cost.params - unused
    assert sum(node.macs for node in cost.nodes) == cost.macs


def test_the_catalog_is_covered_at_its_own_sizes():
    for entry in list_classifiers():
        assert entry.weights in PUBLISHED[entry.name, entry.input_size[0]]


def test_without_weights_named_the_catalogs_are_meant():
    assert measure_classifier("vit_h_14").input_size == find_classifier("vit_h_14").input_size


class Passing(nn.Module):
    def forward(self, x):
        return x


def test_a_network_that_does_nothing_costs_nothing():
    cost = _measure(Passing(), (8, 8))
    assert (cost.params, cost.macs, cost.params_bytes, cost.nodes) == (0, 0, 0, ())


def test_a_small_network_by_hand():
    net = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(36, 5))
    cost = _measure(net, (7, 7))
    conv, relu, flat, linear = cost.nodes
    assert (conv.params, conv.macs, conv.output_bytes) == (4 * 27 + 4, 3 * 3 * 4 * 27, 4 * 9 * 4)
    assert (relu.params, relu.macs, relu.output_bytes) == (0, 0, 4 * 9 * 4)
    assert (flat.params, flat.macs, flat.output_bytes) == (0, 0, 36 * 4)
    assert (linear.params, linear.macs, linear.output_bytes) == (36 * 5 + 5, 36 * 5, 5 * 4)
    assert cost.macs == conv.macs + linear.macs
    assert cost.params_bytes == 4 * cost.params == 4 * (conv.params + linear.params)


def test_half_precision_takes_half_the_memory():
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    full, half = _measure(net, (8, 8)), _measure(net.half(), (8, 8))
    assert half.params_bytes * 2 == full.params_bytes
    assert [n.output_bytes * 2 for n in half.nodes] == [n.output_bytes for n in full.nodes]


@pytest.mark.parametrize("name", ["mobilenet_v2", "densenet121", "vit_b_32", "swin_t"])
def test_multiply_adds_are_half_of_what_torch_counts(name):
    # On "meta", as torch 2.14 does not count the CPU's own attention.
    model = build_unfilled(name).to("meta").eval()
    with FlopCounterMode(display=False) as counter:
        model(torch.empty(1, 3, *find_classifier(name).input_size, device="meta"))
    cost = measure_classifier(name)
    assert cost.macs == counter.get_total_flops() / 2
    by_module = {
        key.partition(".")[2]: sum(flops.values()) / 2
        for key, flops in counter.get_flop_counts().items()
    }
    leaves = {key for key, module in model.named_modules() if not list(module.children())}
    counted = {n.name: n.macs for n in cost.nodes if n.macs and n.name in leaves}
    assert len(counted) > 10
    assert counted == {key: by_module[key] for key in counted}


@pytest.mark.parametrize("name", ["mobilenet_v2", "googlenet"])
def test_memory_of_every_layer_is_that_of_its_real_output(name):
    model = build(name).eval()
    measured: dict[str, int] = {}
    for key, module in model.named_modules():
        if not list(module.children()):
            module.register_forward_hook(
                lambda m, args, out, key=key: measured.update({key: out.nbytes})
            )
    with torch.no_grad():
        model(torch.zeros(1, 3, 224, 224))
    counted = {n.name: n.output_bytes for n in measure_classifier(name).nodes}
    assert len(measured) > 100
    assert measured == {key: counted[key] for key in measured}


def test_memory_grows_with_the_picture_and_parameters_do_not():
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU())
    small, large = _measure(net, (10, 20)), _measure(net, (20, 40))
    assert [n.output_bytes for n in large.nodes] == [4 * n.output_bytes for n in small.nodes]
    assert large.macs == 4 * small.macs
    assert large.params == small.params


def test_measuring_leaves_the_network_as_it_was():
    model = build("squeezenet1_1").train()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    _measure(model, (64, 64))
    assert model.training
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())


def test_an_unknown_classifier_is_a_sentence():
    with pytest.raises(InputError, match="no classifier called"):
        measure_classifier("resnet19")
