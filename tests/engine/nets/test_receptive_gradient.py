"""Receptive fields, against the gradient of single cells."""

import pytest
import torch
from torch import Tensor, nn

from engine.nets.graph import trace_net
from engine.nets.receptive import field_of_cell, receptive_fields


def with_positive_weights(model: nn.Module) -> nn.Module:
    """Nothing cancels and no unit dies: averages for maxima, all weights positive."""
    for param in model.parameters():
        nn.init.uniform_(param, 0.01, 0.02)
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.MaxPool2d):
            pool = nn.AvgPool2d(module.kernel_size, module.stride, module.padding)  # type: ignore[arg-type]
            parent, _, last = name.rpartition(".")
            setattr(model.get_submodule(parent), last, pool)
    return model.double().eval()


def seen_by_gradient(
    model: nn.Module, node: str, cell: tuple[int, int], x: Tensor, last: bool = False
) -> Tensor:
    """bool (H, W): pixels on which a cell's activation depends by more than a mask's 1e-40."""
    caught: list[Tensor] = []

    def catch(module: nn.Module, args: object, out: Tensor) -> None:
        caught.append(out)

    hook = model.get_submodule(node).register_forward_hook(catch)
    x = x.clone().requires_grad_()
    model(x)
    hook.remove()
    out = caught[0]
    row, col = cell
    value = out[0, row, col] if last else out[0, :, row, col]
    value.square().sum().backward()
    assert x.grad is not None
    strength = x.grad[0].abs().amax(dim=0)
    return strength > 1e-20 * strength.max()


@pytest.mark.parametrize(
    ("node", "cell"),
    [
        ("features.0", (0, 0)),
        ("features.6", (5, 9)),
        ("features.13", (2, 0)),
        ("features.18", (3, 3)),
    ],
)
def test_a_box_is_the_region_with_a_gradient(node, cell, random_net):
    model = with_positive_weights(random_net("vgg11"))
    x = torch.rand(1, 3, 64, 80, dtype=torch.double)
    field = receptive_fields(trace_net(model, (64, 80)))[node]
    found = field_of_cell(field, *cell)
    x1, y1, x2, y2 = found.box
    expected = torch.zeros(64, 80, dtype=torch.bool)
    expected[y1:y2, x1:x2] = True
    assert torch.equal(seen_by_gradient(model, node, cell, x), expected)


@pytest.mark.parametrize("cell", [(0, 0), (2, 3), (3, 17), (6, 8), (13, 14), (15, 20)])
@pytest.mark.parametrize("node", ["features.1.0", "features.1.1"])
def test_shifted_windows_are_followed_exactly(node, cell, random_net):
    """Swin attends within windows: its first blocks are local, as their gradients are."""
    model = random_net("swin_t").double()
    net = trace_net(model, (64, 84))  # 16×21 cells: padded to 21×21 for windows of seven
    field = receptive_fields(net)[net.map_name(node)]
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(1, 3, 64, 84, generator=generator, dtype=torch.double)
    seen = seen_by_gradient(model, node, cell, x, last=True).nonzero()
    top, left = seen.amin(dim=0).tolist()
    bottom, right = (seen.amax(dim=0) + 1).tolist()
    assert field_of_cell(field, *cell).box == (left, top, right, bottom)
