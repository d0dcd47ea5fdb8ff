"""Every operation's output against forward hooks, bit for bit; the network left alone."""

import copy

import pytest
import torch
from torch import Tensor, nn

from engine.walk.operations import SOFTMAX, walk
from tests.engine.walk.conftest import NETS, net_of, picture, plan_of, walk_of


def hooked(net: nn.Module) -> dict[str, Tensor]:
    """What each innermost module gave, by name, copied before anything overwrites it."""
    twin, outputs = copy.deepcopy(net), {}
    for name, module in twin.named_modules():
        if not list(module.children()):
            module.register_forward_hook(
                lambda _m, _x, y, name=name: outputs.__setitem__(name, y.detach().clone())
            )
    with torch.no_grad():
        outputs["logits"] = twin(picture())
    return outputs


@pytest.mark.parametrize("kind", NETS)
def test_outputs_equal_forward_hooks_bit_for_bit(kind: str) -> None:
    expected, found = hooked(net_of(kind)), walk_of(kind)
    prefix = "backbone." if kind.startswith("transfer") else ""
    compared = 0
    for name, output in found.outputs.items():
        if prefix + name in expected and found.module_of(name) is not None:
            assert torch.equal(output, expected[prefix + name][0].reshape(output.shape)), name
            compared += 1
    weighted = [m for m in net_of(kind).modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert compared >= len(weighted)
    assert torch.equal(found.logits, expected["logits"][0])
    assert torch.equal(found.outputs[SOFTMAX], found.logits.softmax(0))


@pytest.mark.parametrize("kind", NETS)
def test_operations_name_what_they_take(kind: str) -> None:
    operations = plan_of(kind).operations
    before: set[str] = set()
    for name, operation in operations.items():
        assert set(operation.inputs) <= before  # in the order in which they run
        before.add(name)
        if operation.layout is not None:
            assert walk_of(kind).outputs[name].shape == operation.shape
    assert operations[next(iter(operations))].kind == "input"
    assert list(operations)[-1] == SOFTMAX


def test_only_what_is_asked_for_is_kept_and_the_network_stays_as_it_was() -> None:
    net = net_of("small_resnet")
    before = {name: value.clone() for name, value in net.state_dict().items()}
    found = walk(net, plan_of("small_resnet"), picture(), kept=["stem.0"])
    assert list(found.outputs) == ["stem.0"]
    assert torch.equal(found.outputs["stem.0"], walk_of("small_resnet").outputs["stem.0"])
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not any(module._forward_hooks for module in net.modules())


def test_a_network_in_training_is_refused() -> None:
    net = copy.deepcopy(net_of("lenet")).train()
    with pytest.raises(ValueError, match="eval"):
        walk(net, plan_of("lenet"), picture())
