"""How many n×1 and 1×n filters the networks after GoogLeNet have."""

from dataclasses import dataclass
from functools import cache

from torch import nn

from engine.nets.architectures import build_architecture, find_architecture

FOLLOWED = ("googlenet", "inception_v3", "inception_resnet_v2", "xception")


@dataclass(frozen=True)
class Asymmetric:
    """``found`` of a network's ``convolutions`` are longer one way than the other."""

    title: str
    year: int
    found: int
    convolutions: int


@cache
def count_asymmetric(name: str) -> Asymmetric:
    """Counted in the network itself, built without numbers.

    Raises:
        InputError: there is no such architecture.
    """
    net = build_architecture(name)
    convs = [each for each in net.modules() if isinstance(each, nn.Conv2d)]
    found = sum(each.kernel_size[0] != each.kernel_size[1] for each in convs)
    of = find_architecture(name)
    return Asymmetric(of.title, of.year, found, len(convs))
