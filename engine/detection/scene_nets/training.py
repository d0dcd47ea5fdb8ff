"""How the shipped nets of this package are trained, and how good one is on held-out scenes."""

from collections.abc import Callable
from typing import cast

import torch

from engine.detection.average_precision import average_precision_50
from engine.detection.detectnet.scenes import HELD_OUT_SEED, MEAN, STD, draw_scenes, load_scenes
from engine.detection.scene_nets.judging import SceneNet, find_in_scenes
from engine.detection.scene_nets.learning import PARTS
from engine.detection.scene_nets.weights import TrainedSceneNet
from engine.train.loop import EpochEnd, Training, train
from engine.train.settings import SCENES, DataSettings, DetectorSettings, RunSettings, TrainSettings
from engine.trainable.net_settings import net_defaults
from engine.trainable.truths import pack_truths

MEASURED_SCENES = 300
_EPOCHS = {"retina_net": 8}
_USUAL_EPOCHS = 4
#: By network; three minutes on two cores at most.
SETTINGS = {
    net: RunSettings(
        data=DataSettings(SCENES),
        net=net_defaults(net),
        train=TrainSettings(
            epochs=_EPOCHS.get(net, _USUAL_EPOCHS),
            batch_size=8,
            learning_rate=4e-3,
            weight_decay=0.01,
            schedule="one_cycle",
        ),
        detector=DetectorSettings(scenes=1600),
    )
    for net in PARTS
}
CPU = torch.device("cpu")


def train_scene_net(
    settings: RunSettings, tell: Callable[[EpochEnd], None] = lambda _: None
) -> TrainedSceneNet:
    """A net trained on drawn scenes, on the CPU, in eval mode; same settings, same net.

    Args:
        settings: see ``SETTINGS``.
        tell: called after each epoch.
    """
    training = Training(settings, load_scenes(settings), CPU)
    for event in train(training):
        if isinstance(event, EpochEnd):
            tell(event)
    return TrainedSceneNet(
        training.net.eval().requires_grad_(False), training.data.classes, ap50={}
    )


def measure_ap50(trained: TrainedSceneNet, count: int = MEASURED_SCENES) -> float:
    """AP50 on the first ``count`` scenes of seed ``HELD_OUT_SEED``."""
    scenes = draw_scenes(count, HELD_OUT_SEED)
    images = torch.from_numpy(scenes.pixels).permute(0, 3, 1, 2).contiguous()
    mean, std = (torch.full((3,), value) for value in (MEAN, STD))
    names = trained.class_names
    found = find_in_scenes(cast(SceneNet, trained.net), images, mean, std, names)
    truths = pack_truths(torch.from_numpy(scenes.boxes), torch.from_numpy(scenes.labels))
    return average_precision_50(found, truths, len(names))
