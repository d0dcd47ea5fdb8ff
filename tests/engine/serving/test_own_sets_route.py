"""A learner's zip over the API: read as a job, told in words, kept for a run."""

import time
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from engine.errors import InputError
from engine.serving.runs.uploads import KEPT_S, Uploads
from tests.engine.data.conftest import make_zip, png


def send(api: TestClient, content: bytes, size_px: int = 16) -> tuple[int, dict]:
    """What became of a zip: the last answer's status and body."""
    begun = api.post("/api/v1/own-sets", params={"size_px": size_px}, content=content)
    assert begun.status_code == 202, begun.text
    path = f"/api/v1/own-sets/readings/{begun.json()['reading']}"
    deadline = time.monotonic() + 120
    while True:
        answer = api.get(path, params={"size_px": begun.json()["size_px"]})
        if answer.status_code != 202:
            return answer.status_code, answer.json()
        assert time.monotonic() < deadline


@pytest.fixture
def pictures() -> dict[str, bytes]:
    colours = {"cats": (250, 10, 20), "dogs": (10, 20, 250)}
    files = {f"{name}/{i}.png": png(c) for name, c in colours.items() for i in range(3)}
    return files | {"cats/notes.txt": b"no picture", "birds/one.png": png((1, 2, 3))}


def test_a_zip_becomes_a_data_set_and_is_told(
    api: TestClient, pictures: dict[str, bytes], runs: object, post: Callable
) -> None:
    status, told = send(api, make_zip(pictures))
    assert status == 200
    assert told["kept"] == [["cats", 3], ["dogs", 3]]
    assert told["refused_count"] == 1
    assert told["refused"][0][0] == "cats/notes.txt"
    assert told["refused"][0][1].endswith(".")
    assert told["left_out"] == [["birds", 1]]
    assert api.get(f"/api/v1/own-sets/{told['token']}").status_code == 204
    settings = {"data": {"name": "own"}, "net": {"name": "mlp"}, "train": {"epochs": 1}}
    assert post("runs", {"settings": settings, "own_data": told["token"]})[0] == 200


def test_an_archive_above_a_pictures_limit_is_read(api: TestClient) -> None:
    status, told = send(api, b"no zip" * 5_000_000)  # 30 MB
    assert status == 415
    assert told["detail"].endswith(".")


def test_one_above_its_own_limit_is_refused_before_it_is_read(api: TestClient) -> None:
    headers = {"Content-Length": str(201 * 2**20)}
    answer = api.post("/api/v1/own-sets", content=b"x", headers=headers)
    assert answer.status_code == 413
    assert "200 MB" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["own-sets/unknown", "own-sets/readings/unknown"])
def test_what_is_not_kept_is_a_sentence(api: TestClient, path: str) -> None:
    answer = api.get(f"/api/v1/{path}")
    while answer.status_code == 202:
        answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith(".")


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_uploads_are_bounded_taken_once_and_soon_forgotten() -> None:
    clock = Clock()
    uploads = Uploads(10, clock)
    first = uploads.put(b"123456")
    with pytest.raises(InputError, match="Too many") as full:
        uploads.put(b"12345")
    assert full.value.status == 503
    assert uploads.take(first) == b"123456"
    with pytest.raises(InputError):
        uploads.take(first)
    second = uploads.put(b"123456")
    clock.now_s = KEPT_S + 1
    third = uploads.put(b"654321")
    with pytest.raises(InputError):
        uploads.take(second)
    assert uploads.take(third) == b"654321"
