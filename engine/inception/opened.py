"""An Inception module at work: its four branches on one picture, with a bottleneck of any width."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.models.googlenet import GoogLeNet, Inception

from engine.inception.bottleneck import compose, fold, narrow, run, strongest
from engine.inception.module import SmallGoogLeNet

LARGE = ("three", "five")  # the branches that have a bottleneck
BRANCHES = ("one", *LARGE, "pool")


@dataclass(frozen=True, eq=False)
class OpenedBranch:
    """One way through a module.

    Attributes:
        layers: its convolutions as they ran, norms folded in.
        between: float32 (k, H, W), behind the 1×1 or behind the pooling; None of the 1×1 branch.
        out: float32 (O, H, W).
        direct: of a large filter, the layer without a bottleneck; None of the others.
    """

    layers: tuple[nn.Conv2d, ...]
    between: Tensor | None
    out: Tensor
    direct: nn.Conv2d | None = None


@dataclass(frozen=True, eq=False)
class OpenedModule:
    """A module's branches by name (:data:`BRANCHES`), and the maps (C, H, W) that it was given."""

    x: Tensor
    branches: dict[str, OpenedBranch]

    @property
    def out(self) -> Tensor:
        """All branches joined along the channels."""
        return torch.cat([branch.out for branch in self.branches.values()])


def modules_of(net: SmallGoogLeNet | GoogLeNet) -> dict[str, Inception]:
    """A network's modules by name, in the order in which a picture meets them."""
    return {n: m for n, m in net.named_children() if isinstance(m, Inception)}


@torch.no_grad()
def maps_before(net: SmallGoogLeNet | GoogLeNet, x: Tensor) -> Iterator[tuple[str, Tensor]]:
    """Each module's name and what comes into it, float32 (C, H, W), of one picture (1, 3, H, W)."""
    if isinstance(net, GoogLeNet):
        x = net._transform_input(x)
    for name, part in net.named_children():
        if isinstance(part, (nn.AdaptiveAvgPool2d, nn.Dropout)):
            return
        if isinstance(part, Inception):
            yield name, x[0]
        x = part(x)


@torch.no_grad()
def open_module(module: Inception, x: Tensor, share: float = 1.0) -> OpenedModule:
    """What each branch makes of the maps that come in.

    Args:
        module: in eval mode; it is only read.
        x: float32 (C, H, W).
        share: of the channels behind each large filter's 1×1, the strongest on this picture, that
            are kept, in (0, 1]; at least one is.
    """
    parts: Any = module
    one = fold(parts.branch1)
    pooled = parts.branch4[0](x[None])[0]
    last = fold(parts.branch4[1])
    branches = {"one": OpenedBranch((one,), None, run((one,), x))}
    for name, part in zip(LARGE, (parts.branch2, parts.branch3), strict=True):
        branches[name] = _open_large(fold(part[0]), fold(part[1]), x, share)
    branches["pool"] = OpenedBranch((last,), pooled, run((last,), pooled))
    return OpenedModule(x, branches)


def _open_large(reduce: nn.Conv2d, expand: nn.Conv2d, x: Tensor, share: float) -> OpenedBranch:
    kept = max(1, round(share * reduce.out_channels))
    few, large = narrow(reduce, expand, strongest(run((reduce,), x), kept))
    between = run((few,), x)
    return OpenedBranch((few, large), between, run((large,), between), compose(reduce, expand))


def changed(whole: OpenedModule, other: OpenedModule) -> float:
    """‖other − whole‖ / ‖whole‖ of what two openings of a module give; 0 where they agree."""
    size = whole.out.norm().item()
    return (other.out - whole.out).norm().item() / size if size else 0.0
