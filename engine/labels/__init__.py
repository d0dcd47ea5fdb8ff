"""True boxes on photos, and the files that hold them: YOLO, KITTI, COCO, Pascal VOC.

Every format is read into one model and written from it (:mod:`engine.labels.model`): boxes are
``xyxy`` in pixels of the upright picture, half-open. Imports no torch.
"""
