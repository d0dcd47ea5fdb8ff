"""What the Haar part is told of a picture's windows, against OpenCV and against the pixels."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.detection.cascade_file import cascade_file, cascade_names, load_cascade
from engine.pictures import grey, picture_store, resize_longest, resolve
from engine.serving.haar_hog.contract import CASCADES
from engine.serving.haar_hog.stages import HaarStory, find_story

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]


@pytest.fixture(scope="module")
def small() -> str:
    """The astronaut's head and shoulders, small enough to be looked at quickly."""
    return picture_store().put(resolve("astronaut").pixels[:260, 80:340])


def by_opencv(token: str, cascade: str, factor: float, neighbours: int) -> list[list[int]]:
    classifier = cv2.CascadeClassifier(str(cascade_file(cascade)))
    pixels = grey(resize_longest(resolve(token).pixels, 400))
    found = classifier.detectMultiScale(pixels, factor, neighbours)
    return sorted([int(x), int(y), int(x + w), int(y + h)] for x, y, w, h in found)


@pytest.mark.parametrize("neighbours", [0, 3])
def test_what_is_left_in_the_end_is_what_opencv_finds(
    ask: Ask, small: str, neighbours: int
) -> None:
    arrays, about = ask("haar-hog", picture=small, factor=1.25, neighbours=neighbours)
    expected = by_opencv(small, "frontalface_default", 1.25, neighbours)
    assert sorted(arrays["found"].astype(int).tolist()) == expected
    assert len(expected) > 0
    assert about["equal"]
    assert about["opencv"] == len(expected)
    last = arrays["boxes"][arrays["passed"] == about["limits"]["stage"]["high"]]
    if neighbours == 0:
        assert sorted(last.tolist()) == expected


def test_every_stage_is_counted(ask: Ask, small: str) -> None:
    arrays, about = ask("haar-hog", picture=small, factor=1.25)
    counts, density = arrays["counts"], arrays["density"]
    assert len(counts) == len(about["trees"]) + 1 == len(density)
    assert np.array_equal(density.sum(axis=(1, 2)), counts)
    assert (np.diff(counts) <= 0).all()
    for stage, count in enumerate(counts):
        if count <= len(arrays["boxes"]):
            assert (arrays["passed"] >= stage).sum() == count
    assert (np.diff(arrays["passed"]) <= 0).all()
    came = counts[:-1].astype(float)
    came[0] -= about["flat"]
    assert about["asked"] == pytest.approx((came * about["trees"]).sum() / counts[0])


def test_a_window_is_the_picture_there_and_its_votes_add_up(ask: Ask, small: str) -> None:
    best, about = ask("haar-hog/window", picture=small, factor=1.25)
    assert about["passed"] == len(about["trees"]) == 25
    assert (best["totals"] >= best["thresholds"]).all()
    ends = np.cumsum(about["trees"])
    sums = [part.sum() for part in np.split(best["votes"], ends[:-1])]
    np.testing.assert_allclose(sums, best["totals"], atol=1e-4)
    x1, y1, x2, y2 = about["box"]
    part = grey(resolve(small).pixels)[y1:y2, x1:x2]
    shrunk = cv2.resize(part, best["crop"].shape[::-1], interpolation=cv2.INTER_LINEAR)
    assert np.corrcoef(shrunk.ravel(), best["crop"].ravel())[0, 1] > 0.95


def test_a_spot_opens_a_window_around_it_and_says_where_it_stopped(ask: Ask, small: str) -> None:
    told, about = ask("haar-hog/window", picture=small, factor=1.25, x=40, y=200)
    x1, y1, x2, y2 = about["box"]
    assert abs((x1 + x2) / 2 - 40) <= 6
    assert abs((y1 + y2) / 2 - 200) <= 6
    assert about["passed"] == len(about["trees"]) - 1 < 25
    assert told["totals"][-1] < told["thresholds"][-1]
    cascade = load_cascade("frontalface_default")
    first = cascade.features[cascade.stages[0].trees[0].nodes[0].feature]
    drawn = [rect.tolist() for rect in told["rects"][0] if rect[4]]
    assert drawn == [[r.x, r.y, r.width, r.height, r.weight] for r in first.rects]


def test_the_window_that_came_furthest_near_a_spot() -> None:
    story = find_story("camera", "license_plate_rus_16stages", 2.0)
    while not isinstance(story, HaarStory):
        story = find_story("camera", "license_plate_rus_16stages", 2.0)
    chosen = story.at(150, 150)
    middle = (story.boxes[:, :2].astype(float) + story.boxes[:, 2:]) / 2
    near = np.hypot(*(middle - 150).T) <= 6
    assert near[chosen]
    assert story.passed[chosen] == story.passed[near].max()


def test_a_blank_picture_is_asked_nothing(ask: Ask) -> None:
    token = picture_store().put(np.full((40, 60, 3), 90, np.uint8))
    arrays, about = ask("haar-hog", picture=token)
    assert about["flat"] == arrays["counts"][0] > 0
    assert about["asked"] == arrays["counts"][1:].sum() == len(arrays["found"]) == 0
    told, about = ask("haar-hog/window", picture=token)
    assert about["passed"] == -1
    assert len(told["votes"]) == len(told["totals"]) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"cascade": "nose"},
        {"cascade": "x" * 81},
        {"factor": "1.0"},
        {"factor": "nan"},
        {"neighbours": "21"},
        {"neighbours": "-1"},
        {"picture": "nobody"},
    ],
)
def test_wrong_values_are_a_sentence(api: TestClient, wrong: dict[str, str]) -> None:
    answer = api.get("/api/v1/haar-hog", params=wrong)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("path", ["haar-hog", "haar-hog/window?x=1&y=2"])
def test_a_picture_smaller_than_the_window_is_a_sentence(api: TestClient, path: str) -> None:
    token = picture_store().put(np.zeros((23, 90, 3), np.uint8))
    answer = api.get(f"/api/v1/{path}", params={"picture": token})
    assert answer.status_code == 422
    assert "24 × 24" in answer.json()["detail"]


def test_all_cascades_that_ship_are_offered() -> None:
    assert sorted(name for group in CASCADES.values() for name in group) == list(cascade_names())
