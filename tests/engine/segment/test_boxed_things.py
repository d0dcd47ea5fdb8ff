"""Things apart by a detector's boxes and GrabCut in each, held against OpenCV begun with a box."""

import cv2
import numpy as np
import pytest
import torch

from engine.detection.coco import COCO_CLASSES
from engine.detection.detections import Detections
from engine.detection.nanodet.finding import find_things
from engine.detection.nanodet.weights import load_nanodet
from engine.pictures import resize_longest, sample
from engine.progress import finish
from engine.segment.boxed_things import MOST_THINGS, cut_out_things, thing_steps
from engine.segment.grab_cut import MAYBE_FRONT, SURE_FRONT
from engine.segment.segmenter import Settings
from engine.segment.segmenters import segment

COFFEE = sample("coffee").pixels
SMALL = resize_longest(COFFEE, 320)
CUP, TABLE = COCO_CLASSES.index("cup"), COCO_CLASSES.index("dining table")


def said(*rows: tuple[list[float], float, int]) -> Detections:
    """Boxes as shares of the sides, with scores and labels."""
    boxes, scores, labels = zip(*rows, strict=True) if rows else ((), (), ())
    return Detections.ranked(
        torch.tensor(boxes).reshape(-1, 4),
        torch.tensor(scores),
        torch.tensor(labels, dtype=torch.int64),
        COCO_CLASSES,
    )


def test_things_are_those_of_the_detector_with_its_scores() -> None:
    (found,) = find_things(load_nanodet(torch.device("cpu")), [COFFEE], 0.2)
    answer = segment("boxes", COFFEE, Settings(least=0.2))
    assert answer.kind == "instance"
    rows = answer.to_dicts()
    assert [each["class"] for each in rows] == [COCO_CLASSES[label] for label in found.labels]
    assert [each["score"] for each in rows] == pytest.approx(found.scores.tolist(), abs=1e-6)
    assert all(each["thing"] for each in rows)


def test_within_a_box_it_is_opencv_s_grabcut_begun_with_that_rectangle() -> None:
    height, width = SMALL.shape[:2]
    left, top, right, bottom = round(0.1 * width), round(0.2 * height), width - 40, height - 30
    box = [left / width, top / height, right / width, bottom / height]
    answer = finish(cut_out_things(SMALL, said((box, 0.9, CUP))))
    marks = np.zeros((height, width), np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = np.ascontiguousarray(SMALL[:, :, ::-1])
    cv2.setRNGSeed(0)
    rectangle = (left, top, right - left, bottom - top)
    cv2.grabCut(bgr, marks, rectangle, *models, 5, cv2.GC_INIT_WITH_RECT)  # pyright: ignore[reportCallIssue, reportArgumentType]
    theirs = np.isin(marks, (SURE_FRONT, MAYBE_FRONT))
    assert ((answer.found.ids == 1) == theirs).mean() > 0.99  # k-means drawn anew in each


def test_a_pixel_that_two_claim_belongs_to_the_surer() -> None:
    low = said(([0.1, 0.1, 0.9, 0.9], 0.5, TABLE))
    both = said(([0.1, 0.1, 0.9, 0.9], 0.5, TABLE), ([0.2, 0.2, 0.8, 0.9], 0.8, CUP))
    alone = finish(cut_out_things(SMALL, low)).found.ids == 1
    ids = finish(cut_out_things(SMALL, both)).found.ids
    assert (ids == 1).any()
    np.testing.assert_array_equal(ids == 2, alone & (ids != 1))


def test_only_so_many_are_cut_the_surest_first() -> None:
    rows = [([0.1, 0.1, 0.4, 0.4], 0.9 - 0.01 * i, CUP) for i in range(MOST_THINGS + 4)]
    steps = list(cut_out_things(SMALL[:80, :80], said(*rows)))
    assert {step.total for step in steps} == {MOST_THINGS}


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 2), (40, 40)])
def test_a_box_around_everything_or_next_to_nothing_is_the_thing_itself(
    size: tuple[int, int],
) -> None:
    flat = np.full((*size, 3), 90, np.uint8)
    answer = finish(cut_out_things(flat, said(([0.0, 0.0, 1.0, 1.0], 0.9, CUP))))
    assert answer.covered == 1


def test_nothing_found_is_no_segment() -> None:
    assert finish(cut_out_things(SMALL, said())).covered == 0
    flat = np.full((30, 30, 3), 128, np.uint8)
    seen = finish(thing_steps(flat))
    assert finish(cut_out_things(flat, seen, 0.9)).to_dicts() == []


def test_what_is_asked_for_counts() -> None:
    seen = finish(thing_steps(COFFEE))
    least, counts = (0.2, 0.45, 1.0), []
    for each in least:
        counts.append(len(finish(cut_out_things(SMALL, seen, each)).to_dicts()))
    assert counts[0] >= counts[1] >= counts[2] == 0
    assert counts[0] > 0
