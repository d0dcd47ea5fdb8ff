"""What an epoch's end shows: validation, mistakes, weights and gradients by layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from engine.train.gradients import (
    Histogram,
    histogram,
    layer_weights,
    norms,
    weight_gradients,
)
from engine.train.learning_data import LearningData, normalise
from engine.train.losses import LOSSES, Loss

_BATCH_CPU, _BATCH_GPU = 64, 1024  # what a CPU's cache holds; what fills a GPU
PROBE_IMAGES = 64
_SMALL_PX = 96 * 96  # pictures up to this size are looked at in such numbers, larger ones in fewer
WORST_COUNT = 12


@dataclass(frozen=True)
class Mistake:
    """A validation image taken for another class.

    Attributes:
        index: of the validation images.
        target, predicted: classes.
        prob: what the network gave the class that it predicted, in [0, 1].
    """

    index: int
    target: int
    predicted: int
    prob: float


@dataclass(frozen=True)
class Evaluation:
    """How a network does on pictures that it does not learn from.

    Attributes:
        loss: mean over the pictures.
        accuracy: share of pictures whose largest logit is the true class; ties by lower index. Of
            a detector: AP50; of a segmenter: mIoU.
        confusion: [true][predicted] → number of pictures, of a segmenter of pixels; of a detector
            empty.
        worst: up to 12 mistakes, the surest first; ties by the lower index; of others than
            classifiers none.
        parts: losses by name that ``loss`` is made of, unweighted, where there are several.
    """

    loss: float
    accuracy: float
    confusion: tuple[tuple[int, ...], ...]
    worst: tuple[Mistake, ...]
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerFacts:
    """One layer's weights, and their gradients for the probe batch (None where frozen).

    Norms are Euclidean.
    """

    weight_norm: float
    weights: Histogram
    gradient_norm: float | None
    gradients: Histogram | None


@torch.no_grad()
def predict(net: nn.Module, images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Logits float32 (N, classes) of uint8 (N, C, H, W), in eval mode; the mode is put back."""
    was_training = net.training
    net.eval()
    try:
        parts = []
        most = _BATCH_CPU if images.device.type == "cpu" else _BATCH_GPU
        size = images_within(most, images.shape[2:])
        for part in images.split(size):
            with autocast(images.device):
                parts.append(net(normalise(part, mean, std)).float())
        return torch.cat(parts)
    finally:
        net.train(was_training)


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 where it is safe to, on CUDA; elsewhere everything stays float32."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def evaluate(net: nn.Module, data: LearningData, loss: str = "cross_entropy") -> Evaluation:
    """The network on the validation pictures."""
    logits = predict(net, data.validation_images, data.mean, data.std)
    return judge(logits, data.validation_targets, len(data.classes), loss)


def judge(logits: Tensor, targets: Tensor, classes: int, loss: str = "cross_entropy") -> Evaluation:
    """Loss, accuracy, confusion and worst mistakes of logits (N, classes), targets int64 (N,)."""
    probs, predicted = logits.softmax(dim=1).max(dim=1)  # (N,), (N,)
    pairs = torch.bincount(targets * classes + predicted, minlength=classes**2)
    confusion = pairs.reshape(classes, classes)
    wrong = (predicted != targets).nonzero()[:, 0]
    surest = wrong[probs[wrong].argsort(descending=True, stable=True)[:WORST_COUNT]]
    rows = torch.stack([surest, targets[surest], predicted[surest]], dim=1).tolist()
    return Evaluation(
        loss=LOSSES[loss](logits, targets).item(),
        accuracy=confusion.trace().item() / len(targets),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        worst=tuple(
            Mistake(index, target, guess, prob)
            for (index, target, guess), prob in zip(rows, probs[surest].tolist(), strict=True)
        ),
    )


def images_within(most: int, size: Sequence[int]) -> int:
    """How many pictures of a size (H, W) are looked at together, where small ones are ``most``."""
    height, width = size
    return max(1, min(most, most * _SMALL_PX // (height * width)))


def layer_facts(
    net: nn.Module, data: LearningData, loss: Loss, feeds_targets: bool = False
) -> dict[str, LayerFacts]:
    """Weights and gradients of each linear and convolution layer, by name.

    The gradients are those of the first training pictures, the same ones at every epoch;
    ``feeds_targets`` as for :func:`engine.train.gradients.weight_gradients`.
    """
    count = images_within(PROBE_IMAGES, data.input_shape[1:])
    images = normalise(data.train_images[:count], data.mean, data.std)
    targets = data.train_targets[:count]
    _, gradients = weight_gradients(net, images, targets, loss, feeds_targets)
    weights = layer_weights(net)
    weight_sizes, gradient_sizes = norms(weights), norms(gradients)
    return {
        name: LayerFacts(
            weight_norm=weight_sizes[name],
            weights=histogram(weight),
            gradient_norm=gradient_sizes.get(name),
            gradients=histogram(gradients[name]) if name in gradients else None,
        )
        for name, weight in weights.items()
    }
