"""What the One stage page is told: NanoDet's cells, and RetinaNet's anchors by torchvision."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torchvision.models.detection._utils import Matcher
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.retinanet import _default_anchorgen
from torchvision.models.detection.transform import GeneralizedRCNNTransform
from torchvision.ops import box_iou

from engine.detection.nanodet.finding import find_things
from engine.detection.nanodet.weights import load_nanodet
from engine.pictures import picture_store, sample
from engine.serving.one_stage.compute import ZOOMS, Passed, judge

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
PATH, ZOOM_PATH, ANCHOR_PATH = "one-stage", "one-stage/zooms", "one-stage/anchors"


def test_the_page_opens_with_a_cat_that_one_grid_has(ask: Ask) -> None:
    arrays, about = ask(PATH)
    assert about["thing"]["name"] == "cat"
    assert about["thing"]["score"] >= about["sure"]
    assert about["winner"] is not None
    scores = [each["score"] if each else 0 for each in about["best"]]
    assert scores[about["winner"]] == max(scores) >= 0.4
    assert about["cell"]["place"] == about["best"][about["winner"]]["cell"]
    grid, row, column = about["cell"]["place"]
    assert arrays[f"scores_{grid}"][row, column] == pytest.approx(about["cell"]["score"])
    assert [arrays[f"scores_{k}"].shape for k in range(3)] == [(52, 52), (26, 26), (13, 13)]


def test_what_is_left_at_full_size_is_what_detect_finds(ask: Ask) -> None:
    arrays, about = ask(PATH, picture="motorcycle", zoom=100, score=0.3)
    found = find_things(
        load_nanodet(torch.device("cpu")), [sample("motorcycle").pixels], score=0.3
    )[0]
    np.testing.assert_allclose(arrays["left_scores"], found.scores, atol=1e-6)
    assert arrays["counts"][3].sum() == len(found) == len(about["left_names"])
    assert arrays["counts"][0].tolist() == [2704, 676, 169]


def test_a_side_is_its_distribution_s_expectation(ask: Ask) -> None:
    arrays, about = ask(PATH, cell="2,6,6")
    cell = about["cell"]
    assert cell["place"] == [2, 6, 6]
    assert arrays["sides"].shape == (4, 11)
    bins = np.arange(11)
    mean = arrays["sides"] @ bins
    np.testing.assert_allclose(cell["distances_px"], 32 * mean, rtol=1e-4)
    spread = np.sqrt((arrays["sides"] * (bins - mean[:, None]) ** 2).sum(axis=1))
    np.testing.assert_allclose(cell["spreads_px"], 32 * spread, rtol=1e-3)
    box = arrays["boxes"][2704 + 676 + 6 * 13 + 6]
    left, top, right, bottom = cell["distances_px"]
    centre = 6.5 * 32
    expected = [centre - left, centre - top, centre + right, centre + bottom]
    np.testing.assert_allclose(box, expected, rtol=1e-4)


def test_a_cat_that_shrinks_passes_from_the_coarse_grid_to_the_fine_one(ask: Ask) -> None:
    """What the page's question is about, on the picture that it opens with."""
    arrays, about = ask(ZOOM_PATH)
    assert arrays["zooms"].tolist() == list(ZOOMS)
    winners = arrays["winners"][arrays["winners"] >= 0]
    assert set(winners) == {0, 1, 2}
    assert (np.diff(winners) >= 0).all()
    assert about["map_verdict"] == "holds"
    assert np.array_equal(np.sort(arrays["sizes_px"]), arrays["sizes_px"])
    whole = ask(PATH, zoom=100)[1]
    assert arrays["sizes_px"][-1] == pytest.approx(whole["thing_px"], rel=1e-5)
    best = [each["score"] if each else 0 for each in whole["best"]]
    np.testing.assert_allclose(arrays["scores"][-1], best, atol=1e-6)


@pytest.mark.parametrize(
    ("scores", "winners", "verdicts"),
    [
        ([[0.6, 0, 0], [0, 0.6, 0], [0, 0, 0.6]], [0, 1, 2], ("holds", "holds")),
        ([[0, 0, 0.6], [0, 0.6, 0], [0.6, 0, 0]], [2, 1, 0], ("fails", "fails")),
        ([[0, 0.6, 0], [0, 0.6, 0], [0, 0, 0.2]], [1, 1, 2], ("holds", "open")),
        ([[0, 0.6, 0], [0, 0.6, 0], [0, 0.6, 0]], [1, 1, 1], ("open", "open")),
        ([[0, 0, 0], [0, 0, 0], [0, 0, 0]], [-1, -1, -1], ("open", "open")),
    ],
)
def test_verdicts_follow_the_numbers(
    scores: list[list[float]], winners: list[int], verdicts: tuple[str, str]
) -> None:
    passed = Passed(
        np.array([10.0, 40, 160]), np.array(scores, np.float32), np.array(winners, np.int32)
    )
    told = judge(passed)
    assert (told["map_verdict"], told["grid_verdict"]) == verdicts
    for grid in range(3):
        assert (told["won_px"][grid] is None) == (grid not in winners)


def test_another_thing_is_followed_by_its_number(ask: Ask) -> None:
    about = ask(PATH, picture="coffee", thing="41", zoom=100)[1]
    assert about["thing"]["name"] == "cup"
    assert about["winner"] is not None
    assert ask(ZOOM_PATH, picture="coffee", thing="41")[1]["name"] == "cup"
    assert [each["name"] for each in about["things"]][:2] == ["dining table", "cup"]


def test_a_picture_of_nothing_says_so(ask: Ask) -> None:
    token = picture_store().put(np.full((40, 60, 3), 90, np.uint8))
    about = ask(PATH, picture=token)[1]
    assert about["thing"]["score"] < about["sure"]
    told = ask(ZOOM_PATH, picture=token)[1]
    assert told["grid_verdict"] == "open"


def test_anchors_are_told_what_torchvision_tells_them(ask: Ask) -> None:
    arrays, about = ask(ANCHOR_PATH, box="150,90,780,980")
    pixels = sample("chelsea").pixels
    height, width = pixels.shape[:2]
    transform = GeneralizedRCNNTransform(800, 1333, [0.0] * 3, [1.0] * 3)
    pictures, (target,) = transform(
        [torch.zeros(3, height, width)], [{"boxes": torch.tensor(arrays["drawn"])[None]}]
    )
    maps = [torch.zeros(1, 1, *level["grid"]) for level in about["levels"]]
    filled = ImageList(pictures.tensors, pictures.image_sizes)
    (anchors,) = _default_anchorgen()(filled, maps)
    assert about["seen"] == list(pictures.image_sizes[0])
    assert about["anchors"] == len(anchors)
    iou = box_iou(target["boxes"], anchors)
    told = Matcher(0.5, 0.4, allow_low_quality_matches=True)(iou.clone())
    assert about["best"]["iou"] == pytest.approx(iou.max().item(), abs=1e-5)
    ends = np.cumsum([level["anchors"] for level in about["levels"]])
    for part, level in zip(np.split(told.numpy(), ends[:-1]), about["levels"], strict=True):
        assert level["positive"] == (part >= 0).sum()
        assert level["ignored"] == (part == -2).sum()
    best = anchors[iou.argmax()]
    scale = np.array([about["seen"][1] / width, about["seen"][0] / height] * 2)
    np.testing.assert_allclose(arrays["best"] * scale, best, atol=0.01)
    assert about["best"]["verdict"] == "threshold"
    assert arrays["shape_told"].shape == (9,)
    assert arrays["shape_iou"].max() == pytest.approx(about["best"]["iou"])


@pytest.mark.parametrize(
    ("box", "alone"), [("500,500,518,524", "negative"), ("60,480,960,540", "negative")]
)
def test_what_fits_no_anchor_is_given_one_all_the_same(ask: Ask, box: str, alone: str) -> None:
    """What the page says of the tiny box, and of the long, thin one."""
    arrays, about = ask(ANCHOR_PATH, box=box)
    assert about["best"]["verdict"] == "rescued"
    assert about["best"]["alone"] == alone
    assert sum(level["positive"] for level in about["levels"]) >= 1
    assert arrays["shape_rescued"].sum() >= 1


def test_larger_boxes_are_taken_by_coarser_levels(ask: Ask) -> None:
    arrays, _ = ask(ANCHOR_PATH, box="300,300,600,700")
    takes = arrays["curves"].argmax(axis=0)
    covered = arrays["curves"].max(axis=0) >= 0.5
    assert (np.diff(takes[covered]) >= 0).all()
    assert set(takes[covered]) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("level", ["P3", "P7"])
def test_the_nine_of_a_level_are_shown_where_they_fit_best(ask: Ask, level: str) -> None:
    arrays, about = ask(ANCHOR_PATH, level=level)
    assert about["levels"][about["shown"]]["name"] == level
    assert arrays["shape_iou"].max() == pytest.approx(about["levels"][about["shown"]]["best"])
    rows, columns = about["levels"][about["shown"]]["grid"]
    row, column = about["place"]
    assert 0 <= row < rows
    assert 0 <= column < columns


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (PATH, {"zoom": "9"}),
        (PATH, {"thing": "80"}),
        (PATH, {"cell": "2,13,0"}),
        (PATH, {"cell": "0,52,0"}),
        (PATH, {"picture": "nobody"}),
        (ZOOM_PATH, {"thing": "cat"}),
        (ANCHOR_PATH, {"box": ""}),
        (ANCHOR_PATH, {"box": "500,0,400,9"}),
        (ANCHOR_PATH, {"box": "0,0,1001,9"}),
        (ANCHOR_PATH, {"level": "P8"}),
    ],
)
def test_wrong_values_are_a_sentence(api: TestClient, path: str, wrong: dict[str, str]) -> None:
    answer = api.get(f"/api/v1/{path}", params=wrong)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")
