"""Fusion: equal to a slow reference, every pixel once, and what each threshold does."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.data.panoptic_scenes import CATEGORIES, PanopticSettings, draw_panoptic_scenes
from engine.errors import InputError
from engine.segment.fusion import Fusion, FusionSettings, find_peaks, fuse, group
from engine.segment.panoptic_net import PanopticMaps
from engine.segment.panoptic_quality import judge_segments
from engine.segment.segments import Segment, true_segments
from engine.segment.targets import make_targets

IS_THING = torch.tensor([False, False, True, True])
USUAL = FusionSettings(threshold=0.3, window_px=3, most_peaks=6, stuff_area_px=10)


def random_maps(seed: int, whole: bool, size: tuple[int, int] = (9, 11)) -> PanopticMaps:
    """Maps that mean nothing; ``whole`` numbers have many ties."""
    drawn = torch.Generator().manual_seed(seed)
    logits = torch.randn(4, *size, generator=drawn)
    centres = torch.rand(size, generator=drawn)
    offsets = 4 * torch.randn(2, *size, generator=drawn)
    if whole:
        logits, offsets = logits.round(), offsets.round()
        centres = (centres * 4).round() / 4
    return PanopticMaps(logits, centres * (seed % 5) / 4, offsets)


def reference(maps: PanopticMaps, settings: FusionSettings) -> tuple[np.ndarray, list[int]]:
    """The five steps, pixel by pixel: segment of each pixel, and class of each segment."""
    logits, centres, offsets = (each.double().numpy() for each in maps)
    height, width = centres.shape
    semantic = logits.argmax(axis=0)
    half, peaks = settings.window_px // 2, []
    for y in range(height):
        for x in range(width):
            window = centres[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1]
            if centres[y, x] > settings.threshold and centres[y, x] == window.max():
                peaks.append((-centres[y, x], y, x))
    peaks = sorted(peaks)[: settings.most_peaks]
    winner, ids = np.full((height, width), -1), np.zeros((height, width), int)
    for y in range(height):
        for x in range(width):
            at = x + np.float32(offsets[0, y, x]), y + np.float32(offsets[1, y, x])
            away = [np.hypot(at[0] - column, at[1] - row) for _, row, column in peaks]
            if IS_THING[semantic[y, x]] and away:
                winner[y, x] = int(np.argmin(away))
    categories: list[int] = []
    for peak in range(len(peaks)):
        if (winner == peak).any():
            categories.append(int(np.bincount(semantic[winner == peak]).argmax()))
            ids[winner == peak] = len(categories)
    for category in np.flatnonzero(~IS_THING.numpy()):
        area_px = (semantic == category).sum()
        if area_px and area_px >= settings.stuff_area_px:
            categories.append(int(category))
            ids[semantic == category] = len(categories)
    return ids, categories


@given(
    seed=st.integers(0, 5000),
    whole=st.booleans(),
    window=st.sampled_from([1, 3, 5]),
    threshold=st.sampled_from([0.0, 0.25, 0.6]),
    most=st.integers(1, 8),
    area=st.integers(0, 30),
)
def test_equal_to_the_five_steps_taken_slowly(
    seed: int, whole: bool, window: int, threshold: float, most: int, area: int
):
    settings, maps = FusionSettings(threshold, window, most, area), random_maps(seed, whole)
    found = fuse(maps, IS_THING, settings)
    ids, categories = reference(maps, settings)
    np.testing.assert_array_equal(found.result.ids, ids)
    assert [each.category for each in found.result.segments] == categories


def check_trace(found: Fusion, maps: PanopticMaps) -> None:
    """What was kept on the way explains the result."""
    things = IS_THING[found.semantic]
    peaks, grouping, result = found.peaks, found.grouping, found.result
    assert (peaks.heights.diff() <= 0).all()
    assert peaks.maxima[peaks.cells[:, 0], peaks.cells[:, 1]].all()
    assert (grouping.distance_px <= grouping.second_px).all()
    assert found.votes.sum() == (things & (grouping.winner >= 0)).sum()
    assert found.stuff_px.sum() == (~things).sum()
    if len(peaks.cells):
        places = peaks.cells.flip(1)[grouping.winner].permute(2, 0, 1) + 0.5
        away = (grouping.pointed_at - places).square().sum(dim=0).sqrt()
        torch.testing.assert_close(away, grouping.distance_px)
    for peak, number in enumerate(found.peak_ids.tolist()):
        mask = (things & (grouping.winner == peak)).numpy()
        assert mask.any() == (number > 0)
        assert not number or (result.ids[mask] == number).all()
    probs = maps.logits.softmax(dim=0)
    for each in result.segments:
        assert each.thing == bool(IS_THING[each.category])
        share = probs[each.category][torch.from_numpy(result.ids == each.id)].mean().item()
        height = 1.0
        if each.thing:
            height = min(1.0, peaks.heights[found.peak_ids == each.id].item())
        assert each.score == pytest.approx(height * share, abs=1e-5)


@given(seed=st.integers(0, 5000), whole=st.booleans())
def test_the_trace_explains_the_result(seed: int, whole: bool):
    maps = random_maps(seed, whole)
    check_trace(fuse(maps, IS_THING, USUAL), maps)


@given(seed=st.integers(0, 5000))
def test_thresholds_only_take_away(seed: int):
    maps = random_maps(seed, whole=False)
    loose = fuse(maps, IS_THING, replace(USUAL, threshold=0.0, stuff_area_px=0))
    assert loose.result.void_px == 0 or not len(loose.peaks.cells)
    strict = fuse(maps, IS_THING, replace(USUAL, stuff_area_px=40))
    assert len(strict.peaks.cells) <= len(loose.peaks.cells)
    narrow, wide = (find_peaks(maps.centres, replace(USUAL, window_px=w)) for w in (3, 7))
    assert (narrow.maxima | ~wide.maxima).all()


def test_perfect_maps_give_the_truth():
    settings, is_thing = FusionSettings(), torch.arange(len(CATEGORIES)) >= 3
    outcomes = []
    for scene in draw_panoptic_scenes(25, 0, PanopticSettings(overlap=0.15)):
        targets = make_targets([scene])
        logits = torch.nn.functional.one_hot(targets.semantic[0], len(CATEGORIES))
        maps = PanopticMaps(40.0 * logits.permute(2, 0, 1), targets.centres[0], targets.offsets[0])
        found = fuse(maps, is_thing, replace(settings, stuff_area_px=0)).result
        assert found.void_px == 0
        verdicts = judge_segments(found, true_segments(scene))
        outcomes += [each.outcome for each in verdicts]
        assert all(each.iou > 0.97 for each in verdicts if each.outcome == "match")
    # Two centres closer than the window are one peak, and their things one segment.
    assert outcomes.count("match") > 0.97 * len(outcomes)


def test_without_any_peak_things_are_void():
    maps = PanopticMaps(torch.zeros(4, 3, 5), torch.zeros(3, 5), torch.zeros(2, 3, 5))
    maps.logits[2, :, 2:] = 1.0
    found = fuse(maps, IS_THING, replace(USUAL, stuff_area_px=0))
    (only,) = found.result.segments
    assert only == Segment(1, 0, False, 6, only.score)
    assert only.score == pytest.approx(0.25)
    assert found.result.void_px == 9
    assert found.votes.shape == (0, 4)
    assert found.grouping.distance_px.isinf().all()


def test_one_pixel():
    maps = PanopticMaps(torch.eye(4)[2].reshape(4, 1, 1), torch.ones(1, 1), torch.zeros(2, 1, 1))
    found = fuse(maps, IS_THING, replace(USUAL, window_px=63))
    assert [each.category for each in found.result.segments] == [2]


def test_a_pixel_halfway_goes_to_the_first_peak():
    halfway = group(torch.zeros(2, 1, 3), torch.tensor([[0, 2], [0, 0]]))
    assert halfway.winner.tolist() == [[1, 0, 0]]
    assert halfway.second_px.tolist() == [[2, 1, 2]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"threshold": 1.5}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"window_px": 0}, "window_px"),
        ({"window_px": 4}, "must be odd"),
        ({"most_peaks": 0}, "most_peaks"),
        ({"stuff_area_px": -1}, "stuff_area_px"),
    ],
)
def test_settings_out_of_range_are_a_sentence(changed: dict[str, float], message: str):
    with pytest.raises(InputError, match=message):
        replace(USUAL, **changed)


def test_maps_that_do_not_belong_together_are_refused():
    maps = random_maps(0, whole=False)
    with pytest.raises(ValueError, match="belong together"):
        fuse(maps, IS_THING[:3], USUAL)
    with pytest.raises(ValueError, match="belong together"):
        fuse(maps._replace(centres=maps.centres[1:]), IS_THING, USUAL)
