"""DetectNet, small: a coverage map and box distances on a grid, learnt from drawn scenes.

- ``targets``: what every cell should answer, from the true boxes.
- ``losses``: how wrong the coverage is (L2 or focal), how wrong the boxes are where there is one.
- ``decoding``: from a grid of answers to boxes, and from many boxes to one on each object.
- ``scenes``: the drawn scenes to learn from, and those kept apart.
- ``learning``: all of this as the training engine wants it.
- ``weights``: the file that ships; ``python -m engine.detection.detectnet`` makes it.
- ``finding``: pictures of any size.

Source: Tao, Barker, Sarathy, "DetectNet: Deep Neural Network for Object Detection in DIGITS",
NVIDIA, 2016. The network itself is :mod:`engine.trainable.detect_net`.
"""
