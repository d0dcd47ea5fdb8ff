"""Small torchvision detectors as a task of the training engine: losses apart, and AP50."""

from typing import cast

from torch import Tensor, nn

from engine.detection.average_precision import average_precision_50
from engine.detection.detectnet.scenes import load_scenes
from engine.detection.scene_nets.judging import SceneNet, find_in_scenes, mean_losses
from engine.detection.scene_nets.weights import fill_scene_net
from engine.train.learning_data import LearningData
from engine.train.measuring import Evaluation
from engine.train.settings import RunSettings
from engine.train.tasks import Subject, register
from engine.trainable import faster_rcnn, retina_net

#: Names of the losses, by network.
PARTS: dict[str, tuple[str, ...]] = {
    "faster_rcnn": faster_rcnn.LOSSES,
    "retina_net": retina_net.LOSSES,
}


class BoxDetection:
    """The task of a net that is shown the truth and answers with its losses.

    Args:
        settings: of the run.
    """

    feeds_targets = True

    def __init__(self, settings: RunSettings) -> None:
        self._settings = settings
        self.parts: tuple[str, ...] = PARTS[settings.net.name]

    def prepare(self, net: nn.Module) -> None:
        """Begins with the weights that ship, where the settings say so.

        Raises:
            InputError: they are missing, or of another net.
        """
        if self._settings.detector.start == "shipped":
            fill_scene_net(self._settings.net.name, net)

    def losses(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The sum, and each of ``parts``; outputs float32 (parts + 1,)."""
        return outputs[:-1].sum(), outputs[:-1].unbind()

    def count_right(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Share of the sampled boxes on an object that are given its class, times the pictures."""
        return outputs[-1] * len(targets)

    def evaluate(self, net: nn.Module, data: LearningData) -> Evaluation:
        """Losses and AP50 on the held-out pictures."""
        images, truths = data.validation_images, data.validation_targets
        was_training = net.training
        net.eval()
        try:
            losses = mean_losses(net, images, truths, data.mean, data.std)[:-1].tolist()
            found = find_in_scenes(cast(SceneNet, net), images, data.mean, data.std, data.classes)
        finally:
            net.train(was_training)
        ap50 = average_precision_50(found, truths, len(data.classes))
        parts = dict(zip(self.parts, losses, strict=True))
        return Evaluation(sum(losses), ap50, confusion=(), worst=(), parts=parts)


register(
    PARTS,
    Subject(
        lambda settings, classes, size: BoxDetection(settings), load_scenes, "detector_augmented"
    ),
)
