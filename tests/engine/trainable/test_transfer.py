"""Transfer: a new head, a freeze line that holds, on several of torchvision's families."""

import copy

import pytest
import torch
from torch import nn

from engine.errors import InputError
from engine.nets import catalog
from engine.trainable.choice import build_net
from engine.trainable.net_settings import NetSettings
from engine.trainable.transfer import Transfer, list_blocks, normalisation


@pytest.fixture(scope="module")
def mobilenet() -> Transfer:
    torch.manual_seed(0)
    return Transfer(3, "mobilenet_v2", frozen_blocks=12, input_px=32, pretrained=False)


def test_blocks_of_a_network_in_order():
    assert list_blocks(catalog.build_unfilled("mobilenet_v2")) == [
        *(f"features.{i}" for i in range(19)),
        "classifier",
    ]
    found = list_blocks(catalog.build_unfilled("resnet18"))
    assert found[:3] == ["conv1", "bn1", "layer1"]
    assert found[-1] == "fc"


@pytest.mark.parametrize("name", ["vgg11", "vit_b_16", "swin_t", "densenet121", "squeezenet1_1"])
def test_every_parameter_but_loose_ones_lies_in_one_block(name: str):
    net = catalog.build_unfilled(name)
    blocks = list_blocks(net)
    inside = [id(p) for block in blocks for p in net.get_submodule(block).parameters()]
    assert len(inside) == len(set(inside))
    loose = {n for n, p in net.named_parameters() if id(p) not in set(inside)}
    assert loose <= {"class_token", "encoder.pos_embedding"}
    assert len(blocks) >= 4


def test_frozen_blocks_neither_learn_nor_change_their_statistics(mobilenet: Transfer):
    net = copy.deepcopy(mobilenet).train()
    before = copy.deepcopy(net.state_dict())
    learning = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.SGD(learning, lr=0.1)
    loss = nn.functional.cross_entropy(net(torch.randn(4, 1, 16, 16)), torch.tensor([0, 1, 2, 0]))
    loss.backward()
    optimiser.step()
    changed = {k for k, t in net.state_dict().items() if not torch.equal(t, before[k])}
    blocks = {".".join(name.split(".")[1:3]) for name in changed}
    assert blocks == {f"features.{i}" for i in range(12, 19)} | {"classifier.1"}


def test_the_head_always_learns():
    net = Transfer(2, "squeezenet1_1", frozen_blocks=1000, input_px=64, pretrained=False)
    learning = [name for name, p in net.named_parameters() if p.requires_grad]
    assert learning == ["backbone.classifier.1.weight", "backbone.classifier.1.bias"]
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 2)


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_auxiliary_heads_are_gone(name: str):
    net = Transfer(2, name, input_px=96, pretrained=False)
    assert net.train()(torch.randn(2, 3, 96, 96)).shape == (2, 2)


def test_pretrained_weights_are_those_published():
    assert catalog.at_hand("mobilenet_v2")  # packaged
    net = build_net(NetSettings("transfer", frozen_blocks=19), (3, 32, 32), 4)
    published = catalog.load("mobilenet_v2").state_dict()
    ours = net.get_submodule("backbone").state_dict()
    same = [key for key in published if not key.startswith("classifier.1.")]
    assert all(torch.equal(ours[key], published[key]) for key in same)
    assert len(same) == len(published) - 2


def test_normalised_as_published():
    mean, std = normalisation("mobilenet_v2")
    assert mean.tolist() == pytest.approx([0.485, 0.456, 0.406])
    assert std.tolist() == pytest.approx([0.229, 0.224, 0.225])


def test_what_cannot_be_learnt_further_is_a_sentence():
    with pytest.raises(InputError, match="no classifier called"):
        build_net(NetSettings("transfer", backbone="lenet"), (3, 32, 32), 4)
    with pytest.raises(InputError, match="5 channels"):
        build_net(NetSettings("transfer"), (5, 32, 32), 4)
