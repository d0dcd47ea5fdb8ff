"""A class for each pixel as a task of the training engine; mIoU where others have accuracy.

Sources: Long, Shelhamer, Darrell, "Fully convolutional networks", CVPR 2015 (cross-entropy of
every pixel, mean IoU); Milletari, Navab, Ahmadi, "V-Net", 3DV 2016 (Dice as a loss, squared
denominator; here the mean over classes).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.segment.confusion import Confusion
from engine.segment.losses import hardest_cross_entropy
from engine.segment.masked_scenes import load_masked_scenes
from engine.train.learning_data import LearningData
from engine.train.measuring import Evaluation, predict
from engine.train.settings import RunSettings
from engine.train.tasks import OwnData, Subject, register
from engine.trainable.net_settings import SEGMENTERS

_DICE_PARTS = ("cross_entropy", "dice")


class PixelClassification:
    """The task of a network that answers (N, classes, H, W) logits.

    Args:
        loss: "hardest", cross-entropy of the fifth of the pixels where it is largest, of which
            things have more than of all; "cross_entropy" of all pixels; or "cross_entropy_dice",
            that plus the Dice loss.
        classes: number of classes.
    """

    feeds_targets = False

    def __init__(self, loss: str, classes: int) -> None:
        self._classes, self._hardest = classes, loss == "hardest"
        self.parts: tuple[str, ...] = _DICE_PARTS if loss == "cross_entropy_dice" else ()

    def prepare(self, net: nn.Module) -> None:
        """Nothing: first weights are drawn."""

    def losses(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """What is minimised; with Dice, both losses as they are.

        Args:
            outputs: float32 (N, classes, H, W).
            targets: uint8 (N, H, W).
        """
        if self._hardest:
            return hardest_cross_entropy(outputs, targets.long()), ()
        entropy = F.cross_entropy(outputs, targets.long())
        if not self.parts:
            return entropy, ()
        dice = dice_loss(outputs, targets)
        return entropy + dice, (entropy, dice)

    def count_right(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """mIoU of these pictures together, times the pictures: comparable with validation's."""
        table = count_pixels(outputs.argmax(dim=1), targets, self._classes)
        hits = table.diagonal()
        union = table.sum(dim=0) + table.sum(dim=1) - hits
        iou = hits / union.clamp(min=1)
        return iou.sum() / (union > 0).sum() * len(outputs)

    def evaluate(self, net: nn.Module, data: LearningData) -> Evaluation:
        """Loss, mIoU and the table of pixels on the held-out scenes."""
        outputs = predict(net, data.validation_images, data.mean, data.std)
        loss, parts = self.losses(outputs, data.validation_targets)
        table = count_pixels(outputs.argmax(dim=1), data.validation_targets, self._classes)
        named = dict(zip(self.parts, (part.item() for part in parts), strict=True))
        return Evaluation(
            loss=loss.item(),
            accuracy=Confusion(table.cpu().numpy()).mean_iou or 0.0,
            confusion=tuple(tuple(row) for row in table.tolist()),
            worst=(),
            parts=named,
        )


def count_pixels(said: Tensor, truth: Tensor, classes: int) -> Tensor:
    """Pixels by true and said class, int64 (classes, classes), on the device.

    Args:
        said: integer, of any shape.
        truth: integer, the same shape.
        classes: how many there are.
    """
    pairs = truth.flatten().long() * classes + said.flatten()
    return torch.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def dice_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """1 - mean over classes of 2 Σ p t / (Σ p² + Σ t²), sums over all pixels; in [0, 1].

    p are probabilities, t is 1 where the class is the true one. A small class weighs as much as a
    large one, which cross-entropy does not do.

    Args:
        logits: float32 (N, classes, H, W).
        truth: uint8 (N, H, W).
    """
    probs = logits.softmax(dim=1)
    wanted = F.one_hot(truth.long(), logits.shape[1]).permute(0, 3, 1, 2).to(probs.dtype)
    shared = (probs * wanted).sum(dim=(0, 2, 3))  # (classes,)
    sizes = (probs**2).sum(dim=(0, 2, 3)) + wanted.sum(dim=(0, 2, 3))
    return 1 - (2 * shared / sizes.clamp(min=1e-6)).mean()


def _load(settings: RunSettings, _: OwnData) -> LearningData:
    return load_masked_scenes(settings.segmenter.mask_scenes, settings.seed)


def _make_task(
    settings: RunSettings, classes: tuple[str, ...], _: tuple[int, int]
) -> PixelClassification:
    return PixelClassification(settings.segmenter.mask_loss, len(classes))


register(SEGMENTERS, Subject(_make_task, _load, "segmenter_augmented"))
