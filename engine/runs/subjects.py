"""Every subject that networks learn: importing this makes their tasks known to the training."""

import engine.detection.detectnet.learning
import engine.detection.nanodet.learning
import engine.detection.scene_nets.learning
import engine.segment.pixel_classes  # noqa: F401
