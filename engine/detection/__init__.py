"""From windows to boxes: how a classifier becomes a detector, and what detectors answer.

- ``boxes``: formats, clipping, and how much two boxes overlap (IoU, GIoU, DIoU).
- ``detections``: the one container that every detector answers with.
- ``nms``, ``soft_nms``, ``clustering``: from many boxes on one object to one, with every decision.
- ``thinning``: these three in one form.
- ``matching``, ``average_precision``: predictions against the truth.
- ``windows``, ``dense_to_conv``: the sliding window, and the same in one pass.
- ``classified_windows``: what a network trained on ImageNet sees in every window.
- ``cascade_file``, ``haar``, ``hog``: detectors from before deep learning, taken apart.
- ``mtcnn``: three small networks that look closer and closer.
- ``nanodet``: COCO's eighty things in one look, every cell kept; ``coco``: those eighty.
- ``detectnet``: a coverage map and box distances on a grid, learnt from drawn scenes.
- ``detectors``: all of these by name; ``raw_answers``, ``torchvision_detectors``: their bare boxes.
- ``exports``: a result as a JSON, YOLO or COCO file.

Boxes are ``xyxy`` in pixels, half-open; ties are broken by the lower index.
"""
