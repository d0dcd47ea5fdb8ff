"""What a number is put together of adds up to the number, for every layer of every network."""

import random

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from engine.errors import InputError
from engine.walk.accounting import layer_accounts, pixel_account
from engine.walk.accounts import (
    Account,
    Activated,
    Combined,
    ConvSum,
    LinearSum,
    Normed,
    Pooled,
    Share,
    Taken,
    Untold,
)
from engine.walk.layers import Layer
from tests.engine.walk.conftest import NETS, layers_of, walk_of


def add_up(account: Account) -> float:
    """Only from the parts of an account, never from its value."""
    match account:
        case ConvSum():
            return float(account.cell.products.double().sum()) + account.cell.bias
        case LinearSum():
            return sum(term.product for term in account.terms) + account.rest + account.bias
        case Normed():
            return (account.x - account.mean) / account.std * account.scale + account.shift
        case Pooled():
            inside = account.window[~account.is_padding]
            largest, total = inside.max().item(), inside.double().sum().item()
            return largest if account.how == "max" else total / account.count
        case Combined():
            first, second = account.operands
            return first + second if account.how == "add" else first * second
        case Share():
            raise AssertionError("told apart below")
        case _:
            raise AssertionError(type(account))


def some_places(layer: Layer, count: int) -> list[tuple[int, ...]]:
    """The first and the last cell, and some between."""
    draw = random.Random(layer.steps[0])
    ends = [tuple(0 for _ in layer.shape), tuple(size - 1 for size in layer.shape)]
    return ends + [tuple(draw.randrange(size) for size in layer.shape) for _ in range(count)]


@pytest.mark.parametrize("kind", NETS)
def test_the_parts_add_up_to_the_value_that_the_network_computed(kind: str) -> None:
    walked = walk_of(kind)
    for layer in layers_of(kind)[1:]:
        for place in some_places(layer, 2):
            accounts = layer_accounts(walked, layer, place)
            assert len(accounts) == len(layer.steps)
            assert accounts[-1].value == walked.outputs[layer.output][place].item()
            for account in accounts:
                assert not isinstance(account, Untold), layer.steps
                if not isinstance(account, Activated | Taken | Share):
                    wanted = pytest.approx(account.value, rel=2e-4, abs=2e-5)
                    assert add_up(account) == wanted, (layer.steps, place)
            if layer.has_norm:
                assert isinstance(accounts[1], Normed)
                assert accounts[1].x == accounts[0].value


@pytest.mark.parametrize("kind", ["small_vgg", "small_inception", "transfer mobilenet_v2"])
def test_patches_are_those_of_unfold(kind: str) -> None:
    walked, layers = walk_of(kind), layers_of(kind)
    for layer in [each for each in layers if each.kind == "conv"][:8]:
        module = walked.module_of(layer.steps[0])
        assert isinstance(module, nn.Conv2d)
        x = walked.outputs[layers[layer.sources[0]].output]
        size, stride, padding = module.kernel_size, module.stride, module.padding
        assert not isinstance(padding, str)
        columns = F.unfold(x[None], size, padding=padding, stride=stride)[0]
        patches = columns.view(len(x), *size, *layer.shape[1:])
        for place in some_places(layer, 2):
            (account, *_) = layer_accounts(walked, layer, place)
            assert isinstance(account, ConvSum)
            wanted = patches[list(account.channels), :, :, place[1], place[2]]
            assert torch.equal(account.cell.patch, wanted)
            assert torch.equal(account.cell.kernel, module.weight[place[0]])


def test_the_strongest_terms_of_a_linear_layer_come_first_with_their_places() -> None:
    walked, layers = walk_of("lenet"), layers_of("lenet")
    layer = next(each for each in layers if each.kind == "linear")
    maps = walked.outputs[layers[layer.sources[0]].output]
    module = walked.module_of(layer.steps[0])
    assert isinstance(module, nn.Linear)
    (account,) = layer_accounts(walked, layer, (7,))
    assert isinstance(account, LinearSum)
    products = (maps.flatten() * module.weight[7]).detach()
    sizes = [abs(term.product) for term in account.terms]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == pytest.approx(products.abs().max().item())
    for term in account.terms:
        assert maps[term.channel, term.row, term.col].item() == term.input
        assert term.product == pytest.approx(term.input * term.weight, rel=1e-5, abs=1e-9)
    assert account.rest_count + len(account.terms) == products.numel()
    assert sum(account.by_channel) == pytest.approx(products.sum().item(), abs=1e-5)


@pytest.mark.parametrize("kind", ["lenet", "small_inception", "transfer squeezenet1_1"])
def test_the_largest_of_a_window_is_where_torch_says(kind: str) -> None:
    walked, layers = walk_of(kind), layers_of(kind)
    pools = [each for each in layers if each.call == "MaxPool2d"]
    assert pools
    for layer in pools:
        module = walked.module_of(layer.steps[0])
        assert isinstance(module, nn.MaxPool2d)
        x = walked.outputs[layers[layer.sources[0]].output]
        options = (module.kernel_size, module.stride, module.padding, module.dilation)
        _, found = F.max_pool2d(x, *options, module.ceil_mode, return_indices=True)
        for place in some_places(layer, 4):
            (account,) = layer_accounts(walked, layer, place)
            assert isinstance(account, Pooled)
            assert account.winner == divmod(int(found[place]), x.shape[2])


def test_an_activation_lies_on_its_curve() -> None:
    walked, layers = walk_of("small_vgg layer norm"), layers_of("small_vgg layer norm")
    layer = next(each for each in layers if each.kind == "activation")
    (account,) = layer_accounts(walked, layer, (3, 4, 5))
    assert isinstance(account, Activated)
    assert account.value == pytest.approx(F.leaky_relu(torch.tensor(account.x), 0.01).item())
    torch.testing.assert_close(account.curve_y, F.leaky_relu(account.curve_x, 0.01))
    assert account.curve_x[0] <= account.x <= account.curve_x[-1]


def test_a_joined_map_is_that_of_its_branch() -> None:
    walked, layers = walk_of("small_inception"), layers_of("small_inception")
    layer = next(each for each in layers if each.kind == "concat")
    for channel in (0, layer.channels // 2, layer.channels - 1):
        (account,) = layer_accounts(walked, layer, (channel, 2, 3))
        assert isinstance(account, Taken)
        source = layers[layer.sources[account.source]]
        assert walked.outputs[source.output][account.channel, 2, 3].item() == account.value


def test_shares_add_up_to_one() -> None:
    walked, layers = walk_of("softmax"), layers_of("softmax")
    (account,) = layer_accounts(walked, layers[-1], (2,))
    assert isinstance(account, Share)
    assert account.exps[2] / sum(account.exps) == pytest.approx(account.value, rel=1e-5)
    assert max(account.exps) == 1


def test_a_pixel_is_what_it_was_before_it_was_normalised() -> None:
    mean, std = torch.tensor([0.5, 0.4, 0.3]), torch.tensor([0.25, 0.2, 0.1])
    walked = walk_of("lenet")
    account = pixel_account(walked, mean, std, (1, 2, 3))
    assert account.value == walked.outputs[walked.plan.input_name][1, 2, 3].item()
    assert (account.pixel / 255 - 0.4) / 0.2 == pytest.approx(account.value, abs=1e-5)


@pytest.mark.parametrize("place", [(), (0,), (0, 0), (99, 0, 0), (0, -1, 0), (0, 0, 999)])
def test_places_that_there_are_not_get_a_sentence(place: tuple[int, ...]) -> None:
    with pytest.raises(InputError) as caught:
        layer_accounts(walk_of("lenet"), layers_of("lenet")[1], place)
    assert caught.value.sentence("ko") != caught.value.sentence("en")
