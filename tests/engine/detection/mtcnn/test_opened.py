"""The opened cascade against the plain one, and each window's journey against the trace."""

from dataclasses import fields
from functools import cache

import cv2
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.detection.boxes import box_iou, overlap_of_smaller
from engine.detection.mtcnn.cascade import Look, MtcnnSettings, MtcnnTrace, find_faces
from engine.detection.mtcnn.journeys import Gate, follow
from engine.detection.mtcnn.nets import MtcnnNets, load_mtcnn
from engine.detection.mtcnn.opened import FLOOR, OpenedCascade, Pace
from engine.pictures.samples import sample
from engine.progress import finish

THRESHOLDS = (0.6, 0.7, 0.7)
CLOSE = 1e-5  # what a batch's other crops may change


def _nets() -> MtcnnNets:
    return load_mtcnn(torch.device("cpu"))


def _picture(name: str) -> np.ndarray:
    crop = {"astronaut": np.s_[:300, 60:360], "motorcycle": np.s_[150:400, 200:500]}[name]
    return cv2.resize(sample(name).pixels[crop], (200, 180), interpolation=cv2.INTER_AREA)


def _opened(pixels: np.ndarray, min_face_px: int = 20, factor: float = 0.709) -> OpenedCascade:
    picture = torch.tensor(pixels).permute(2, 0, 1)
    return finish(OpenedCascade.open(_nets(), picture, min_face_px, factor))


@cache
def _kept(name: str) -> OpenedCascade:
    return _opened(_picture(name))


def _far_from_thresholds(trace: MtcnnTrace, thresholds: tuple[float, float, float]) -> bool:
    looks = (trace.refined, trace.output)
    return all(
        ((look.scores - least).abs() > CLOSE).all()
        for look, least in zip(looks, thresholds[1:], strict=True)
    )


def _same(found: Look, plain: Look) -> None:
    for field in fields(Look):
        mine, theirs = getattr(found, field.name), getattr(plain, field.name)
        if field.name == "nms":
            assert mine.order.equal(theirs.order)
            assert mine.suppressed_by.equal(theirs.suppressed_by)
            torch.testing.assert_close(mine.iou, theirs.iou, atol=1e-4, rtol=0)
        else:
            torch.testing.assert_close(mine, theirs, atol=1e-3, rtol=CLOSE, msg=field.name)


_percent = st.integers(1, 99).map(lambda percent: percent / 100)


@settings(max_examples=40)
@given(
    name=st.sampled_from(["astronaut", "motorcycle"]),
    thresholds=st.tuples(_percent.filter(lambda least: least >= FLOOR), _percent, _percent),
)
def test_other_thresholds_are_what_the_plain_cascade_finds(
    name: str, thresholds: tuple[float, float, float]
) -> None:
    """In any order of asking: what an earlier example asked the nets is kept for the next."""
    plain = find_faces(_nets(), _picture(name), MtcnnSettings(20, 0.709, thresholds))
    assume(_far_from_thresholds(plain, thresholds))
    found = finish(_kept(name).trace(thresholds))
    for mine, theirs in zip(found.levels, plain.levels, strict=True):
        for field in ("map", "cells", "boxes", "scores", "offsets"):
            assert getattr(mine, field).equal(getattr(theirs, field)), field
        assert mine.nms.order.equal(theirs.nms.order)
        assert mine.nms.suppressed_by.equal(theirs.nms.suppressed_by)
        assert mine.nms.iou.equal(theirs.nms.iou)
    for look in ("proposals", "refined", "output"):
        _same(getattr(found, look), getattr(plain, look))


def test_a_net_is_asked_about_what_is_new_only() -> None:
    """Without a suppressor that P-Net no longer lets through, O-Net may have more to look at."""
    opened = _opened(_picture("astronaut"))
    assert [opened.pace[net].asked for net in "ro"] == [0, 0]
    finish(opened.trace((0.5, 0.3, 0.3)))
    asked = {net: opened.pace[net].asked for net in "pro"}
    assert asked["r"] > asked["o"] > 0
    for thresholds in ((0.5, 0.6, 0.3), (0.5, 0.3, 0.9), (0.5, 0.3, 0.1)):
        finish(opened.trace(thresholds))
    assert {net: opened.pace[net].asked for net in "pro"} == asked
    finish(opened.trace((0.8, 0.3, 0.3)))
    assert opened.pace["r"].asked == asked["r"]
    assert opened.pace["o"].asked > asked["o"]
    with pytest.raises(ValueError, match="at least"):
        finish(opened.trace((FLOOR - 0.01, 0.7, 0.7)))


@pytest.mark.parametrize("size", [(1, 1), (11, 300), (12, 12), (40, 30)])
def test_without_levels_or_faces_there_are_no_journeys(size: tuple[int, int]) -> None:
    opened = _opened(np.full((*size, 3), 90, np.uint8))
    journeys = follow(finish(opened.trace(THRESHOLDS)))
    assert journeys.counts[-1] == len(journeys.faces) == 0
    assert journeys.cells.shape == (len(journeys.fell), 3)
    assert journeys.counts[0] == sum(level.map.numel() for level in opened.levels)


@pytest.mark.parametrize("thresholds", [THRESHOLDS, (0.4, 0.1, 0.1), (0.99, 0.9, 0.9)])
@pytest.mark.parametrize("name", ["astronaut", "motorcycle"])
def test_every_window_ends_where_the_trace_says(
    name: str, thresholds: tuple[float, float, float]
) -> None:
    trace = finish(_kept(name).trace(thresholds))
    journeys = follow(trace)
    looks = trace.refined, trace.output
    lost = [int((journeys.fell == gate).sum()) for gate in Gate]
    left = [len(journeys.fell) - sum(lost[: gate - 1]) for gate in Gate]
    assert journeys.counts[1:] == tuple(left[1:])
    assert lost[0] == 0
    assert left[2] == len(trace.proposals.candidates)
    assert [left[3], left[5]] == [len(look.candidates) for look in looks]
    assert [left[4], left[6]] == [len(look.passed) for look in looks]
    assert left[7] == len(trace.faces)
    for window, (level, row, column) in enumerate(journeys.cells.tolist()):
        assert journeys.scores[window] == trace.levels[level].map[row, column]
    for look, windows, gate in zip(
        looks, (journeys.r_windows, journeys.o_windows), (Gate.R_NET, Gate.O_NET), strict=True
    ):
        passed = torch.zeros(len(windows), dtype=torch.bool)
        passed[look.passed] = True
        assert ((journeys.fell[windows.long()] > gate) == passed).all()


@pytest.mark.parametrize("name", ["astronaut", "motorcycle"])
def test_a_suppressed_window_overlaps_what_suppressed_it(name: str) -> None:
    trace = finish(_kept(name).trace((0.4, 0.1, 0.1)))
    journeys = follow(trace)
    overlaps = {Gate.LEVEL_NMS: 0.5, Gate.PROPOSAL_NMS: 0.7, Gate.R_NMS: 0.7, Gate.O_NMS: 0.7}
    squares = torch.zeros(len(journeys.fell), 4)
    squares[journeys.r_windows.long()] = trace.refined.candidates
    for gate, least in overlaps.items():
        gone = ((journeys.fell == gate) & (journeys.suppressed_by >= 0)).nonzero()[:, 0]
        by = journeys.suppressed_by[gone].long()
        assert (journeys.overlap[gone] > least).all()
        assert (journeys.fell[by] > gate).all()
        if gate == Gate.O_NMS:
            continue
        places = squares if gate == Gate.R_NMS else journeys.boxes
        expected = box_iou(places[gone], places[by]).diagonal()
        torch.testing.assert_close(journeys.overlap[gone], expected, atol=1e-5, rtol=0)
    ended = journeys.suppressed_by[(journeys.fell == Gate.R_NET) | (journeys.fell == Gate.FACE)]
    assert (ended == -1).all()


def test_crops_are_what_lies_under_the_squares() -> None:
    opened = _kept("astronaut")
    trace = finish(opened.trace((0.4, 0.1, 0.1)))
    picture = torch.tensor(_picture("astronaut")).permute(2, 0, 1)
    for look, side_px in ((trace.refined, 24), (trace.output, 48)):
        some = torch.tensor([len(look.candidates) - 1, 0])
        found = opened.r_crops(some) if side_px == 24 else opened.o_crops(trace, some)
        for crop, index in zip(found, some, strict=True):
            x1, y1, x2, y2 = look.candidates[index].int().tolist()
            whole = picture[:, max(y1, 1) - 1 : y2, max(x1, 1) - 1 : x2].float()
            area = F.interpolate(whole[None], (side_px, side_px), mode="area")[0]
            assert np.abs(crop - area.permute(1, 2, 0).numpy()).max() <= 0.5


def test_a_level_is_the_picture_made_smaller() -> None:
    level = _kept("astronaut").levels[1]
    found = _kept("astronaut").level_picture(1)
    assert found.shape == (*level.size, 3)
    smaller = cv2.resize(_picture("astronaut"), level.size[::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(found.astype(int) - smaller).mean() < 4


def test_the_window_to_follow_is_the_best_face_or_what_came_furthest() -> None:
    journeys = follow(finish(_kept("astronaut").trace(THRESHOLDS)))
    assert journeys.furthest == journeys.faces[0]
    assert journeys.find(*journeys.cells[5].tolist()) == 5
    assert journeys.find(0, 999, 0) is None
    none = follow(finish(_kept("motorcycle").trace((0.6, 0.99, 0.99))))
    assert none.furthest is not None
    assert none.fell[none.furthest] == none.fell.max() < Gate.FACE


def test_after_o_net_the_share_of_the_smaller_box_counts() -> None:
    trace = finish(_kept("astronaut").trace((0.4, 0.1, 0.1)))
    boxes = trace.faces.boxes
    assert len(trace.output.passed) > len(boxes) >= 1
    assert (overlap_of_smaller(boxes, boxes).fill_diagonal_(0) <= 0.7).all()


def test_a_look_that_was_held_up_does_not_move_the_median() -> None:
    even = ((32, 0.64), (32, 0.96), (32, 0.32))  # 20, 30 and 10 µs each
    assert Pace(even).median_us == pytest.approx(20)
    assert Pace((*even, (8, 4000.0))).median_us == pytest.approx(20)
    assert Pace(((1, 1.0), (99, 0.99))).median_us == pytest.approx(10)  # one of a hundred
    assert Pace().median_us is None


def test_every_window_is_counted_with_its_look() -> None:
    opened = _opened(_picture("astronaut"))
    finish(opened.trace(THRESHOLDS))
    assert opened.pace["p"].asked == sum(level.map.numel() for level in opened.levels)
    assert all(opened.pace[net].median_us for net in "pro")
