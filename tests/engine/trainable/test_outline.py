"""Networks without their numbers: built at once, whatever they would weigh."""

import resource
import time
from dataclasses import replace

import pytest
import torch

import engine.runs.subjects  # noqa: F401  a run may be of any subject
from engine.errors import InputError
from engine.nets import catalog
from engine.trainable.choice import build_net
from engine.trainable.net_settings import DETECTORS, NETS, SEGMENTERS, NetSettings, net_defaults
from engine.trainable.outline import build_outline, measure_outline

DRAWN = [name for name in (*NETS, *DETECTORS, *SEGMENTERS) if name != "transfer"]
#: One of each family of torchvision's, the largest where that costs nothing.
BACKBONES = [
    "alexnet", "convnext_large", "densenet201", "efficientnet_v2_l", "googlenet", "inception_v3",
    "maxvit_t", "mnasnet1_3", "mobilenet_v2", "mobilenet_v3_small", "regnet_y_128gf", "resnet152",
    "resnext101_64x4d", "shufflenet_v2_x2_0", "squeezenet1_1", "swin_v2_b", "vgg19_bn", "vit_h_14",
    "wide_resnet101_2",
]  # fmt: skip


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("name", DRAWN)
def test_an_outline_has_the_shapes_of_the_network(name: str):
    settings, shape = net_defaults(name), (3, 32, 32)
    outline, net = build_outline(settings, shape, 4), build_net(settings, shape, 4)
    assert all(each.is_meta for each in (*outline.parameters(), *outline.buffers()))
    assert {k: v.shape for k, v in outline.state_dict().items()} == {
        k: v.shape for k, v in net.state_dict().items()
    }


@pytest.mark.parametrize("name", DRAWN)
def test_the_widest_and_deepest_network_costs_nothing(name: str):
    before, began = peak_mib(), time.process_time()
    settings = replace(net_defaults(name), depth=50, width=1024, init="he")
    size = measure_outline(settings, (3, 96, 96), 10)
    assert size.params > 0
    assert size.activations > 0
    assert time.process_time() - began < 10
    assert peak_mib() - before < 300


@pytest.mark.parametrize("backbone", BACKBONES)
def test_every_backbone_can_be_outlined(backbone: str):
    before = peak_mib()
    settings = NetSettings("transfer", backbone=backbone, input_px=128)
    size = measure_outline(settings, (1, 8, 8), 10)
    published = catalog.find_classifier(backbone).num_params
    assert size.params == pytest.approx(published, rel=0.65)  # another head, no auxiliary ones
    assert peak_mib() - before < 300


def test_activations_are_what_a_forward_pass_leaves():
    """One linear layer of 192 inputs and 4 outputs leaves 4 numbers a picture, and the loss 0."""
    assert measure_outline(net_defaults("softmax"), (3, 8, 8), 4).activations == 4
    settings = NetSettings("lenet")
    net, leaves = build_net(settings, (1, 28, 28), 10), []
    for module in net.modules():
        if not list(module.children()):
            module.register_forward_hook(lambda m, i, o: leaves.append(o.numel()))
    net(torch.zeros(1, 1, 28, 28))
    assert measure_outline(settings, (1, 28, 28), 10).activations == sum(leaves)


def test_a_batch_of_one_is_refused_where_batch_norm_has_one_number_a_channel():
    tight = NetSettings("transfer", backbone="mobilenet_v2", input_px=32)
    with pytest.raises(InputError, match="Batch normalisation"):
        measure_outline(tight, (3, 32, 32), 4, batch_size=1)
    assert measure_outline(tight, (3, 32, 32), 4, batch_size=2).params
    roomy = replace(tight, input_px=64)
    assert measure_outline(roomy, (3, 32, 32), 4, batch_size=1).params
    frozen = replace(tight, frozen_blocks=1000)  # its batch statistics stay as they are
    assert measure_outline(frozen, (3, 32, 32), 4, batch_size=1).params


@pytest.mark.parametrize("backbone", ["inception_v3", "alexnet"])
def test_a_backbone_that_cannot_take_so_small_a_picture_says_so(backbone: str):
    settings = NetSettings("transfer", backbone=backbone, input_px=32)
    with pytest.raises(InputError) as refusal:
        measure_outline(settings, (3, 32, 32), 4)
    assert "32×32" in str(refusal.value)
