"""What the Filter sliding page's stage is refused, and pictures that are odd or gone."""

from collections.abc import Callable

import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.pictures import picture_store

PATH = "filter-sliding"


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("", {"picture": "nobody"}),
        ("", {"preset": "sobel"}),
        ("", {"preset": "derivative"}),
        ("", {"preset": "net_0"}),
        ("", {"preset": "net_99", "colour": True}),
        ("", {"preset": "edge", "kernel_size": 4}),
        ("", {"preset": "sobel_x", "scene": "signal"}),
        ("", {"weights": "1,2,3"}),
        ("", {"weights": "1,,2"}),
        ("", {"weights": "1e9" + ",0" * 8}),
        ("", {"weights": "101" + ",0" * 8}),
        ("", {"weights": ",".join("1" * 1500)}),
        ("", {"bias": "256"}),
        ("", {"same": True, "stride": 2}),
        ("", {"same": True, "transposed": True}),
        ("", {"kernel_size": 5, "dilation": 3, "scene": "tiny"}),
        ("/cell", {}),
        ("/cell", {"filter": 0, "row": 5, "col": 0, "scene": "tiny"}),
        ("/cell", {"filter": 1, "row": 0, "col": 0}),
        ("/fed", {"row": 7, "col": 0, "scene": "tiny"}),
        ("/weight", {"row": 0, "col": 3}),
        ("/weight", {"row": 1, "col": 0, "scene": "signal", "preset": "blur"}),
    ],
    ids=str,
)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_wrong_values_are_refused_with_one_sentence(
    api: TestClient, path: str, asked: dict, lang: str
) -> None:
    answer = api.get(
        f"/api/v1/{PATH}{path}",
        params={name: str(value) for name, value in asked.items()},
        headers={"Accept-Language": lang},
    )
    assert 400 <= answer.status_code < 500
    detail = answer.json()["detail"]
    assert detail.endswith((".", "요."))
    assert "\n" not in detail


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 4000, 3), (5, 3, 3)])
def test_odd_pictures_still_make_a_scene(ask: Callable, shape: tuple[int, int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    token = picture_store().put(pixels)
    arrays, _ = ask(PATH, picture=token, scene="crop64", colour=True)
    assert arrays["input"].shape == (3, 64, 64)
    if min(shape[:2]) == 1:  # one pixel, everywhere
        assert np.ptp(arrays["input"], axis=(1, 2)).max() == 0
    picture_store().forget(token)


def test_a_forgotten_picture_is_gone_for_the_stage_too(ask: Callable, api: TestClient) -> None:
    token = picture_store().put(np.full((9, 9, 3), 7, np.uint8))
    ask(PATH, picture=token)
    picture_store().forget(token)
    answer = api.get(f"/api/v1/{PATH}", params={"picture": token})
    assert answer.status_code == 404
