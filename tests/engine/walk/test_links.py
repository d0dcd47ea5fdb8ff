"""Links between maps against the weights written out; relations of all layers."""

import pytest
import torch
from torch import nn

from engine.walk.links import link_strengths, relation
from tests.engine.walk.conftest import NETS, layers_of, walk_of


def weighted(kind: str) -> list[int]:
    return [n for n, layer in enumerate(layers_of(kind)) if layer.kind in ("conv", "linear")]


@pytest.mark.parametrize("kind", ["softmax", "lenet", "small_vgg", "transfer mobilenet_v2"])
def test_links_are_the_norms_of_the_weights_with_the_sign_of_their_sum(kind: str) -> None:
    layers, walked = layers_of(kind), walk_of(kind)
    for number in weighted(kind)[:12]:
        layer, source = layers[number], layers[layers[number].sources[0]]
        of, to = torch.arange(source.channels), torch.arange(layer.channels)
        found = link_strengths(walked, layer, source, of, to)
        module = walked.module_of(layer.steps[0])
        assert isinstance(module, nn.Conv2d | nn.Linear)
        if isinstance(module, nn.Linear):
            blocks = module.weight.detach().view(layer.channels, source.channels, -1)
        else:
            blocks = _dense(module).flatten(2)
        sizes = blocks.pow(2).sum(2).sqrt()
        torch.testing.assert_close(found.abs(), sizes / sizes.max())
        assert torch.equal(found < 0, (blocks.sum(2) < 0) & (sizes > 0))
        assert found.abs().max().item() == pytest.approx(1)
        part = link_strengths(walked, layer, source, of[:2], to[:1])
        torch.testing.assert_close(part, found[:1, :2])


def _dense(module: nn.Conv2d) -> torch.Tensor:
    """A grouped convolution's weights as those of one that sees all maps: (O, C, k, k)."""
    outputs, seen = module.weight.shape[:2]
    dense = torch.zeros(outputs, module.in_channels, *module.weight.shape[2:])
    for output in range(outputs):
        first = output // (outputs // module.groups) * seen
        dense[output, first : first + seen] = module.weight[output].detach()
    return dense


@pytest.mark.parametrize("kind", NETS)
def test_relations_fit_the_number_of_maps(kind: str) -> None:
    layers = layers_of(kind)
    for layer in layers[1:]:
        counts = [layers[source].channels for source in layer.sources]
        found = relation(layer, counts[0])
        expected = {"conv": "weights", "linear": "weights", "concat": "concat"}
        assert found == expected.get(layer.kind, "same"), layer.steps
        if found == "same":
            assert counts[0] == layer.channels
        if found == "concat":
            assert sum(counts) == layer.channels
