"""Every stage's route answers for every picture that Fovea accepts, however odd."""

from collections.abc import Callable

import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.pictures import picture_store
from engine.serving.api import create_api

SIZES = [(1, 1), (1, 4000), (2048, 1), (2, 3), (15, 17), (64, 2048)]
STAGES = [
    "home",
    "pixels",
    "classify/why",
    "classify/why?removed=50",
    "feature-maps",
    "feature-maps/surgery",
    "feature-maps/pooling",
    "filter-sliding",
    "selective-search",
    "one-stage",
    "one-stage/zooms",
    "two-stage",
    "png-jpeg",
    "png-jpeg/block",
    "png-jpeg/png",
    "png-jpeg/again",
    "detect/panels?left=mtcnn",
    "detect/panels?left=hog_people",
    "detect/panels?left=haar_eye",
    "detect/panels?left=detectnet",
]


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def odd(request: pytest.FixtureRequest) -> str:
    pixels = np.random.default_rng(0).integers(0, 256, (*request.param, 3), np.uint8)
    return picture_store().put(pixels)


@pytest.fixture(scope="module", params=[0, 255], ids=["black", "white"])
def plain(request: pytest.FixtureRequest) -> str:
    return picture_store().put(np.full((40, 60, 3), request.param, np.uint8))


@pytest.mark.parametrize("stage", STAGES)
def test_odd_sizes(ask: Callable, odd: str, stage: str) -> None:
    check(ask, stage, odd)


@pytest.mark.parametrize("stage", STAGES)
def test_pictures_of_one_colour(ask: Callable, plain: str, stage: str) -> None:
    check(ask, stage, plain)


def check(ask: Callable, stage: str, picture: str) -> None:
    """It answers, and every number that is sent can be painted."""
    path, _, query = stage.partition("?")
    name, _, value = query.partition("=")
    arrays, _ = ask(path, picture=picture, **({name: value} if name else {}))
    assert arrays
    assert all(np.isfinite(array).all() for array in arrays.values())


def picture_routes() -> list[str]:
    """Every route that takes a picture by its name, so that none is forgotten."""
    described = create_api().openapi()["paths"]
    return sorted(
        path.removeprefix("/v1/")
        for path, methods in described.items()
        if any(each["name"] == "picture" for each in methods.get("get", {}).get("parameters", []))
    )


@pytest.mark.parametrize("path", picture_routes())
@pytest.mark.parametrize("size", [(1, 1), (1, 300)], ids=["dot", "line"])
def test_no_route_fails_for_the_smallest_pictures(
    api: TestClient, path: str, size: tuple[int, int]
) -> None:
    """It answers, or says in a sentence why it cannot."""
    token = picture_store().put(np.full((*size, 3), 90, np.uint8))
    while (answer := api.get(f"/api/v1/{path}", params={"picture": token})).status_code == 202:
        pass
    assert answer.status_code < 500, answer.text
    if answer.status_code != 200:
        assert answer.json()["detail"].endswith((".", "…"))


@pytest.mark.parametrize("strength", ["crop", "perspective", "blur", "zoom", "rotate", "erase"])
def test_a_dot_can_be_augmented(ask: Callable, strength: str) -> None:
    token = picture_store().put(np.full((1, 1, 3), 90, np.uint8))
    arrays, _ = ask("augmentation", picture=token, **{strength: 1})
    assert arrays["samples"].shape == (14, 2, 2, 3)
