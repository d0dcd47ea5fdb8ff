"""DetectNet as a task of the training engine: two losses, and AP50 where others have accuracy."""

from torch import Tensor, nn

from engine.data.shapes import SHAPES
from engine.detection.average_precision import average_precision_50
from engine.detection.detectnet.decoding import FLOOR, decode
from engine.detection.detectnet.losses import grid_losses
from engine.detection.detectnet.scenes import load_scenes
from engine.detection.detectnet.targets import GridTargets, encode
from engine.detection.detectnet.weights import fill_detectnet
from engine.train.learning_data import LearningData
from engine.train.measuring import Evaluation, predict
from engine.train.settings import DetectorSettings
from engine.train.tasks import Subject, register
from engine.trainable.detect_net import STRIDE_PX, DetectNet

_RIGHT_FROM = 0.5


class GridDetection:
    """The task of a :class:`engine.trainable.detect_net.DetectNet`.

    Args:
        settings: which coverage loss, and the weight of the box loss.
        classes: names.
        size: (H, W) of the pictures, multiples of the stride.
    """

    parts: tuple[str, ...] = ("coverage", "box")
    feeds_targets = False

    def __init__(
        self, settings: DetectorSettings, classes: tuple[str, ...], size: tuple[int, int]
    ) -> None:
        self._settings, self._classes, self._size = settings, classes, size

    def prepare(self, net: nn.Module) -> None:
        """Begins with the weights that ship, where the settings say so.

        For other classes than theirs only the features do: the last convolution stays as drawn.

        Raises:
            InputError: they are missing, or of another net.
        """
        if self._settings.start == "shipped":
            assert isinstance(net, DetectNet)
            fill_detectnet(net, features_only=self._classes != SHAPES)

    def losses(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The weighted sum, and loss of the coverage and of the boxes as they are.

        Args:
            outputs: float32 (N, classes + 4, h, w).
            targets: float32 (N, K, 5) of :func:`engine.trainable.truths.pack_truths`.
        """
        coverage, box = grid_losses(outputs, self._encode(targets), self._settings.coverage_loss)
        return coverage + self._settings.box_weight * box, (coverage, box)

    def count_right(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Share of covered cells that say so (0.5 or more, right class), times the pictures."""
        wanted = self._encode(targets).coverage == 1
        said = outputs[:, : len(self._classes)].sigmoid() >= _RIGHT_FROM
        return (said & wanted).sum() / wanted.sum().clamp(min=1) * len(outputs)

    def evaluate(self, net: nn.Module, data: LearningData) -> Evaluation:
        """Losses and AP50 on the held-out pictures."""
        outputs = predict(net, data.validation_images, data.mean, data.std)
        loss, parts = self.losses(outputs, data.validation_targets)
        found = [decode(each, self._size, self._classes, FLOOR) for each in outputs.cpu()]
        named = dict(zip(self.parts, (part.item() for part in parts), strict=True))
        ap50 = average_precision_50(found, data.validation_targets, len(self._classes))
        return Evaluation(loss.item(), ap50, confusion=(), worst=(), parts=named)

    def _encode(self, targets: Tensor) -> GridTargets:
        height, width = self._size
        return encode(targets, len(self._classes), (height // STRIDE_PX, width // STRIDE_PX))


register(
    ("detectnet",),
    Subject(
        lambda settings, classes, size: GridDetection(settings.detector, classes, size),
        load_scenes,
        "detector_augmented",
    ),
)
