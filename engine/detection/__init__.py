"""From windows to boxes: how a classifier becomes a detector, and what detectors answer.

- ``boxes``: formats, clipping, and how much two boxes overlap (IoU, GIoU, DIoU).
- ``detections``: the one container that every detector answers with.
- ``nms``, ``soft_nms``, ``clustering``: from many boxes on one object to one, with every decision.
- ``matching``, ``average_precision``: predictions against the truth.
- ``windows``, ``dense_to_conv``: the sliding window, and the same in one pass.
- ``cascade_file``, ``haar``, ``hog``: detectors from before deep learning, taken apart.
- ``mtcnn``: three small networks that look closer and closer.

Boxes are ``xyxy`` in pixels, half-open; ties are broken by the lower index.
"""
