"""What the HOG part is told: every step of HOG, against OpenCV's own detector."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.pictures import picture_store, resolve

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
opencv: Any = cv2


@pytest.fixture(scope="module")
def small() -> str:
    """So small that nothing is shrunk before the pyramid."""
    pixels = cv2.resize(resolve("astronaut").pixels, (200, 220), interpolation=cv2.INTER_AREA)
    return picture_store().put(pixels)


def people_detector() -> Any:
    descriptor = opencv.HOGDescriptor()
    descriptor.setSVMDetector(opencv.HOGDescriptor_getDefaultPeopleDetector())
    return descriptor


def test_the_best_windows_are_opencvs(ask: Ask, small: str) -> None:
    arrays, about = ask("haar-hog/hog", picture=small)
    rects, margins = people_detector().detectMultiScale(
        resolve(small).pixels, -3, (8, 8), (0, 0), about["factor"], 0
    )
    best = int(np.argmax(margins))
    x, y, width, height = (int(side) for side in rects[best])
    assert arrays["boxes"][0].tolist() == [x, y, x + width, y + height]
    assert arrays["best"][0] == pytest.approx(float(np.ravel(margins)[best]), abs=1e-4)
    assert (np.diff(arrays["best"]) <= 0).all()
    assert about["range"][1] == pytest.approx(float(arrays["best"][0]))


def test_the_best_window_lies_where_its_place_says(ask: Ask, small: str) -> None:
    level, row, column = ask("haar-hog/hog", picture=small)[0]["places"][0].tolist()
    arrays, about = ask("haar-hog/hog", picture=small, level=level)
    assert about["level"] == level
    assert arrays["response"][row, column] == pytest.approx(arrays["best"][0])
    expected = np.array([column, row, column + 8, row + 16]) * 8 * about["scale"]
    assert np.abs(arrays["boxes"][0] - expected).max() <= 1.5


@pytest.mark.parametrize("level", [0, 3])
def test_cells_add_up_to_opencvs_response(ask: Ask, small: str, level: int) -> None:
    arrays, _ = ask("haar-hog/hog", picture=small, level=level)
    places, margins = people_detector().detect(arrays["picture"], -1e9, (8, 8))
    for (x, y), margin in list(zip(places, np.ravel(margins), strict=True))[::17]:
        told, about = ask(
            "haar-hog/response", picture=small, level=level, row=y // 8, column=x // 8
        )
        assert told["cells"].shape == (16, 8)
        total = told["cells"].sum() + about["bias"]
        assert total == pytest.approx(margin, abs=1e-3) == pytest.approx(about["response"])


def test_steps_belong_together(ask: Ask, small: str) -> None:
    arrays, _ = ask("haar-hog/hog", picture=small, level=1)
    height, width = arrays["picture"].shape[:2]
    assert arrays["strength"].shape == arrays["angle"].shape == (height, width)
    assert arrays["angle"].max() < 180
    cells = arrays["cells"]
    assert cells.shape == (height // 8, width // 8, 9)
    assert arrays["normalised"].shape == cells.shape
    assert cells[2, 3].sum() == pytest.approx(arrays["strength"][16:24, 24:32].sum(), rel=1e-4)
    strongest = np.unravel_index(arrays["strength"].argmax(), (height, width))
    angle, cell = arrays["angle"][strongest], cells[strongest[0] // 8, strongest[1] // 8]
    assert cell[int(angle // 20)] > 0


def test_a_level_beyond_the_last_is_the_last(ask: Ask, small: str) -> None:
    _, about = ask("haar-hog/hog", picture=small, level=63)
    assert about["level"] == about["limits"]["level"]["high"] == 5


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("hog", {"level": "-1"}),
        ("hog", {"level": "64"}),
        ("hog", {"picture": "nobody"}),
        ("response", {"row": "-1"}),
        ("response", {"row": "500"}),
        ("response", {"column": "500"}),
        ("response", {"level": "40"}),
        ("response", {"level": "nan"}),
    ],
)
def test_wrong_values_are_a_sentence(api: TestClient, path: str, wrong: dict[str, str]) -> None:
    answer = api.get(f"/api/v1/haar-hog/{path}", params=wrong)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("path", ["hog", "response"])
def test_a_picture_smaller_than_the_template_is_a_sentence(api: TestClient, path: str) -> None:
    token = picture_store().put(np.zeros((127, 90, 3), np.uint8))
    answer = api.get(f"/api/v1/haar-hog/{path}", params={"picture": token})
    assert answer.status_code == 422
    assert "64 × 128" in answer.json()["detail"]
