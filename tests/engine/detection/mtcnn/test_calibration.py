"""Boxes between the nets, worked out by hand and against slicing."""

import torch
import torch.nn.functional as F

from engine.detection.mtcnn.calibration import (
    calibrate,
    cell_boxes,
    cut_out,
    landmark_points,
    overlaps_picture,
    square,
)


def test_cells_are_windows_of_twelve_every_other_pixel() -> None:
    cells = torch.tensor([[0, 0], [3, 5]])
    assert cell_boxes(cells, 1.0).tolist() == [[1, 1, 12, 12], [11, 7, 22, 18]]
    assert cell_boxes(cells, 0.5).tolist() == [[2, 2, 24, 24], [22, 14, 44, 36]]
    assert cell_boxes(cells[:0], 1.0).shape == (0, 4)


def test_offsets_are_shares_of_the_size() -> None:
    box = torch.tensor([[10.0, 20, 30, 60]])
    offsets = torch.tensor([[0.1, 0.1, -0.5, 0.0]])
    assert calibrate(box, offsets, extra_px=0).tolist() == [[12, 24, 20, 60]]
    moved = calibrate(box, offsets)
    torch.testing.assert_close(moved, torch.tensor([[12.1, 24.1, 19.5, 60.0]]))
    crossed = calibrate(box, torch.tensor([[1.0, 0, -1, 0]]), extra_px=0)
    assert crossed.tolist() == [[30, 20, 30, 60]]


def test_squares_keep_the_middle() -> None:
    boxes = torch.tensor([[10.0, 20, 30, 60], [0, 0, 6, 2]])
    assert square(boxes).tolist() == [[0, 20, 40, 60], [0, -2, 6, 4]]


def test_pixels_count_from_one_and_end_at_the_border() -> None:
    picture = torch.arange(2.0 * 6 * 8).reshape(2, 6, 8)
    boxes = torch.tensor([[1.0, 1, 8, 6], [3.9, 2.2, 6.9, 5.9], [-4, -4, 2, 2], [7, 5, 20, 20]])
    slices = [(0, 6, 0, 8), (1, 5, 2, 6), (0, 2, 0, 2), (4, 6, 6, 8)]
    for crop, (y1, y2, x1, x2) in zip(cut_out(picture, boxes, 3), slices, strict=True):
        assert crop.equal(F.interpolate(picture[None, :, y1:y2, x1:x2], (3, 3), mode="area")[0])
    assert cut_out(picture, boxes[:0], 3).shape == (0, 3, 3, 3)


def test_boxes_off_the_picture_are_known() -> None:
    boxes = torch.tensor([[1.0, 1, 2, 2], [-9, 1, 0, 4], [9, 1, 12, 4], [3, 3, 3, 3], [2, 7, 4, 9]])
    assert overlaps_picture(boxes, (6, 8)).tolist() == [True, False, False, True, False]


def test_landmarks_are_shares_from_the_corner() -> None:
    box = torch.tensor([[10.0, 20, 29, 59]])  # 20 by 40 pixels, counted from 1
    places = torch.tensor([[0.25, 0.75, 0.5, 0.25, 0.75, 0.25, 0.25, 0.5, 0.75, 0.75]])
    points = landmark_points(box, places)[0].tolist()
    assert points == [[14, 29], [24, 29], [19, 39], [14, 49], [24, 49]]
