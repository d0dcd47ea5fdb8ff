"""torchvision's detectors, small, on the drawn scenes that DetectNet learns from.

- ``learning``: any of them as the training engine wants it; their losses come apart.
- ``judging``: boxes on many scenes, and AP50.
- ``weights``: the files that ship; ``python -m engine.detection.scene_nets`` makes them.
- ``two_stages``: every step of Faster R-CNN on one picture, kept.

The networks are :mod:`engine.trainable.faster_rcnn` and its like: each takes pictures and, while it
learns, the truth, and has ``parts`` (names of its losses) and ``detect``.
"""
