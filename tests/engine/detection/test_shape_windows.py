"""The window net as a detector of shapes: boxes where shapes are, as large as it can know."""

import torch
from torchvision.ops import batched_nms, box_iou

from engine.data.shapes import SHAPES
from engine.detection.dense_to_conv import to_convolutional
from engine.detection.detectnet.scenes import draw_scenes
from engine.detection.shape_windows import NMS_IOU, OBJECT_SHARE, WINDOWS_PX, find_shapes
from engine.detection.window_classifiers import find_window_classifier

SEEN = find_window_classifier("shapes")
FULLY = to_convolutional(SEEN.net, (3, 32, 32))


def test_the_shapes_of_held_out_scenes_are_found() -> None:
    there = found_ones = 0
    for index in range(10):
        scene = draw_scenes(60, 1)[index]
        found = find_shapes(SEEN, FULLY, scene.pixels)
        assert found.class_names == SHAPES
        for box, label in zip(torch.tensor(scene.boxes), scene.labels, strict=True):
            of_class = found.boxes[(found.labels == label) & (found.scores >= 0.5)]
            there += 1
            found_ones += bool(len(of_class) and box_iou(of_class, box[None]).max() >= 0.4)
    assert found_ones / there > 0.75


def test_boxes_are_windows_shrunk_and_nms_has_been_over_them() -> None:
    found = find_shapes(SEEN, FULLY, draw_scenes(60, 1)[3].pixels)
    sides = (found.boxes[:, 2:] - found.boxes[:, :2]).flatten()
    possible = torch.tensor([side * OBJECT_SHARE for side in WINDOWS_PX])
    assert (sides[:, None] - possible).abs().amin(dim=1).max() < 1
    kept = batched_nms(found.boxes, found.scores, found.labels, NMS_IOU)
    assert len(kept) == len(found) > 0


def test_nothing_is_found_where_nothing_is_sure_enough() -> None:
    pixels = draw_scenes(60, 1)[0].pixels
    assert len(find_shapes(SEEN, FULLY, pixels, least=1)) == 0
    assert len(find_shapes(SEEN, FULLY, pixels, least=0.01)) > 0
