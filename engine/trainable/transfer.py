"""Learning further from a network that has already learnt: any classifier of torchvision.

Its last layer is replaced by one for the new classes; blocks before the freeze line stay as they
are. Source: Yosinski et al., "How transferable are features in deep neural networks?", 2014.
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.errors import InputError
from engine.nets import catalog

_FEWEST_BLOCKS = 4
_IMAGENET_CLASSES = 1000
_FIXED_SIZE = ("vit_", "maxvit_")  # these take pictures of one size only


class Transfer(nn.Module):
    """A pretrained classifier with a new head. (N, C, H, W), C of 1 or 3 → (N, classes).

    Grey pictures are repeated for the three channels, and pictures enlarged to ``input_px``.

    Args:
        classes: number of new classes.
        backbone: torchvision's name of the classifier.
        frozen_blocks: how many of :func:`list_blocks` do not learn; more than there are means all.
        input_px: side of the pictures that the backbone is given; vision transformers and MaxViT
            take their published size whatever this says.
        pretrained: False draws new weights: for a checkpoint that will replace them all anyway.

    Raises:
        InputError: there is no such classifier, or its weights are not on this computer.
    """

    def __init__(
        self,
        classes: int,
        backbone: str = "mobilenet_v2",
        frozen_blocks: int = 0,
        input_px: int = 96,
        pretrained: bool = True,
    ) -> None:
        super().__init__()
        published = catalog.find_classifier(backbone).input_size
        self.size = published if backbone.startswith(_FIXED_SIZE) else (input_px, input_px)
        self.backbone = catalog.load(backbone) if pretrained else catalog.build(backbone)
        self.backbone.requires_grad_(True)
        _drop_auxiliary_heads(self.backbone)
        _replace_head(self.backbone, classes)
        blocks = list_blocks(self.backbone)
        self.frozen = blocks[: min(frozen_blocks, len(blocks) - 1)]
        if self.frozen:
            self._freeze({id(p) for n in blocks[len(self.frozen) :] for p in _learnt(self, n)})
        self.train()

    def _freeze(self, learning: set[int]) -> None:
        for parameter in self.backbone.parameters():
            parameter.requires_grad_(id(parameter) in learning)

    def train(self, mode: bool = True) -> "Transfer":
        """As usual, but frozen blocks keep their batch statistics: they stay in eval mode."""
        super().train(mode)
        for name in self.frozen:
            self.backbone.get_submodule(name).eval()
        return self

    def fit(self, x: Tensor) -> Tensor:
        """Pictures (N, C, H, W) as the backbone takes them: (N, 3, *size)."""
        if x.shape[1] == 1:
            x = x.expand(-1, 3, -1, -1)  # (N, 1, H, W) → (N, 3, H, W)
        if tuple(x.shape[2:]) != self.size:
            x = F.interpolate(x, self.size, mode="bilinear", align_corners=False)
        return x

    def forward(self, x: Tensor) -> Tensor:
        return self.backbone(self.fit(x))  # → (N, classes)


def list_blocks(backbone: nn.Module) -> list[str]:
    """Names of a classifier's blocks with learnt parameters, from picture to logits.

    The children of the network; as long as there are fewer than four, or one block holds more than
    half of the parameters, the largest is replaced by its own children.
    """
    blocks = dict(_learning_children("", backbone))
    total = _count(backbone)
    while True:
        name = max(blocks, key=lambda n: _count(blocks[n]))
        inside = dict(_learning_children(f"{name}.", blocks[name]))
        enough = len(blocks) >= _FEWEST_BLOCKS and _count(blocks[name]) * 2 <= total
        if enough or len(inside) < 2:
            return list(blocks)
        names = list(blocks)
        at = names.index(name)
        items = list(blocks.items())
        blocks = dict([*items[:at], *inside.items(), *items[at + 1 :]])


def _learning_children(prefix: str, module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    for name, child in module.named_children():
        if _count(child):
            yield prefix + name, child


def _learnt(net: Transfer, block: str) -> Iterator[nn.Parameter]:
    return net.backbone.get_submodule(block).parameters()


def _count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _drop_auxiliary_heads(backbone: nn.Module) -> None:
    """GoogLeNet and Inception v3 return more than logits in training unless these are gone."""
    if hasattr(backbone, "aux_logits"):
        backbone.aux_logits = False  # pyright: ignore[reportArgumentType]
        for name in ("aux1", "aux2", "AuxLogits"):
            if hasattr(backbone, name):
                setattr(backbone, name, None)


def _replace_head(backbone: nn.Module, classes: int) -> None:
    """Puts a new last layer, drawn from torch's global generator, in place of ImageNet's."""
    heads = [
        (name, module)
        for name, module in backbone.named_modules()
        if (isinstance(module, nn.Linear) and module.out_features == _IMAGENET_CLASSES)
        or (isinstance(module, nn.Conv2d) and module.out_channels == _IMAGENET_CLASSES)
    ]
    name, old = heads[-1]
    new = (
        nn.Linear(old.in_features, classes)
        if isinstance(old, nn.Linear)
        else nn.Conv2d(old.weight.shape[1], classes, kernel_size=1)
    )
    parent, _, attribute = name.rpartition(".")
    setattr(backbone.get_submodule(parent), attribute, new)


def normalisation(backbone: str) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation, each (3,), that a classifier's pictures are normalised by.

    Raises:
        InputError: there is no such classifier.
    """
    preset = catalog.find_classifier(backbone).weights.transforms()
    return torch.tensor(preset.mean), torch.tensor(preset.std)


def check_channels(channels: int) -> None:
    """Raises InputError unless pictures are grey or RGB."""
    if channels not in (1, 3):
        raise InputError("transfer_channels", channels=channels)
