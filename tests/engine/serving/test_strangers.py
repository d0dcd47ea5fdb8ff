"""A run on somebody's own pictures is its owner's, and of those to whom the owner gives a key."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from starlette.testclient import TestClient

from engine.data.data_set import DataSet
from engine.runs.folder import read_run
from engine.runs.recording import record
from engine.serving.api import create_app
from engine.serving.own_sets import own_sets
from tests.api_client import ME

STRANGER = "s" * 22
CLASSES = ("Zebrafink", "Quokka")  # words that stand nowhere else
SHADE = 201  # of every pixel of the first class
SETTINGS = {
    "data": {"name": "own", "validation_share": 0.3},
    "net": {"name": "mlp", "depth": 2, "width": 8},
    "train": {"epochs": 1, "batch_size": 8},
}
#: What a query names a run by, wherever a route has such a parameter.
NAMING = ("name", "names", "run")
ANOTHER_NAME = ("/v1/labels/stored",)  # … a box's class there
#: What else must be asked for, so that the run is looked at.
TOGETHER = {"/v1/computation-graph": {"program": "run"}}


@pytest.fixture
def private(post: Callable, runs: Path) -> str:
    """The name of a finished run on own pictures."""
    images = torch.full((40, 9, 9, 3), SHADE, dtype=torch.uint8)
    images[1::2] = 30
    token = own_sets().put(DataSet("own", images, torch.arange(40) % 2, CLASSES, "uploaded"))
    name = post("runs", {"settings": SETTINGS, "own_data": token})[1]["name"]
    record(runs / name, torch.device("cpu"))
    return name


def addresses(api: TestClient, name: str) -> list[tuple[str, str, dict[str, str]]]:
    """Every route that can be told a run: method, path, query. Found in the API's own description,
    so that a route that comes later is walked too.
    """
    found = []
    paths = api.get("/api/openapi.json").json()["paths"]
    assert set(ANOTHER_NAME) <= set(paths)
    for path, methods in paths.items():
        if path in ANOTHER_NAME:
            continue
        for method, told in methods.items():
            query = dict(TOGETHER.get(path, {}))
            for each in told.get("parameters", []):
                if each["in"] == "query" and each["name"] in NAMING:
                    query[each["name"]] = name
                elif each["in"] == "query" and each["required"]:
                    query[each["name"]] = "0"
            of_run = "/runs/{name}" in path
            if of_run or any(query.get(each) == name for each in NAMING):
                for form in ("onnx", "torch") if "{form}" in path else ("",):
                    place = path.replace("{name}", name).replace("{form}", form)
                    found.append((method.upper(), f"/api{place}", query))
    return found


def gives_away(body: bytes) -> bool:
    """Whether an answer holds the pictures or the classes' names."""
    return any(each.encode() in body for each in CLASSES) or bytes([SHADE] * 60) in body


def as_whom(token: str | None) -> dict[str, str]:
    return {} if token is None else {"X-Owner": token}


@pytest.mark.parametrize("token", [None, STRANGER])
def test_a_stranger_walks_all_routes_and_sees_nothing(
    api: TestClient, private: str, runs: Path, token: str | None
):
    before = sorted((runs / private).rglob("*"))
    walked = addresses(api, private)
    assert len(walked) >= 14
    for method, path, query in walked:
        answer = api.request(
            method, path, params=query, headers=as_whom(token), json={"changes": {}}
        )
        where = f"{method} {path}"
        if path.endswith("/curves"):
            assert b'"status":"none"' in answer.content.replace(b": ", b":"), where
        else:
            assert answer.status_code == 404, f"{where}: {answer.status_code} {answer.text[:200]}"
        assert not gives_away(answer.content), where
    listed = api.get("/api/v1/runs", headers=as_whom(token))
    assert private not in listed.text
    assert sorted((runs / private).rglob("*")) == before


def test_its_owner_walks_them_too_and_the_walk_would_notice(
    api: TestClient, ask: Callable, private: str
):
    """The same addresses give the pictures away to their owner: so the walk looks in earnest."""
    told = [
        gives_away(api.get(path, params=query, headers=as_whom(ME)).content)
        for method, path, query in addresses(api, private)
        if method == "GET" and "export" not in path
    ]
    assert sum(told) >= 3  # the opened network, the epoch's mistakes or classes, a classification
    (entry,) = api.get("/api/v1/runs", headers=as_whom(ME)).json()["runs"]
    assert (entry["name"], entry["mine"], entry["private"]) == (private, True, True)


def test_those_with_the_key_may_look_and_no_more(
    api: TestClient, post: Callable, private: str, runs: Path
):
    assert post(f"runs/{private}/share", token=STRANGER)[0] == 404
    first = post(f"runs/{private}/share")[1]["key"]
    status, answer = post(f"runs/{private}/share")
    assert status == 200
    guest = f"{STRANGER},{answer['key']}"
    shown = api.get(f"/api/v1/runs/{private}", headers=as_whom(guest))
    assert (shown.status_code, shown.json()["mine"], shown.json()["shared"]) == (200, False, True)
    assert gives_away(api.get(f"/api/v1/runs/{private}/epoch", headers=as_whom(guest)).content)
    for path in ("stop", "resume", "share"):
        assert post(f"runs/{private}/{path}", token=guest)[0] == 403
    assert post(f"runs/{private}/fork", {"changes": {}}, token=guest)[0] == 403
    for path in ("", "/share"):
        answer = api.delete(f"/api/v1/runs/{private}{path}", headers=as_whom(guest))
        assert answer.status_code == 403
    for outsider in (STRANGER, f"{STRANGER},{first}", None):
        assert api.get(f"/api/v1/runs/{private}", headers=as_whom(outsider)).status_code == 404
    assert api.delete(f"/api/v1/runs/{private}/share", headers=as_whom(ME)).status_code == 204
    assert api.get(f"/api/v1/runs/{private}", headers=as_whom(guest)).status_code == 404


def test_a_fork_is_as_private_as_what_it_comes_from(api: TestClient, post: Callable, private: str):
    changes = {"changes": {"train": {"epochs": 3}}}
    fork = post(f"runs/{private}/fork", changes)[1]["name"]
    assert api.get(f"/api/v1/runs/{fork}", headers=as_whom(STRANGER)).status_code == 404
    assert api.get(f"/api/v1/runs/{fork}", headers=as_whom(ME)).status_code == 200


def test_a_run_made_by_hand_on_own_pictures_is_nobodys_over_the_network(
    api: TestClient, private: str, runs: Path
):
    path = runs / private / "run.json"
    path.write_text(path.read_text().replace(f'"{read_run(path.parent).owner}"', "null"))
    for token in (None, ME, STRANGER):
        assert api.get(f"/api/v1/runs/{private}", headers=as_whom(token)).status_code == 404


def test_comparisons_do_not_learn_from_own_pictures(post: Callable):
    status, answer = post("comparisons", {"settings": [SETTINGS]})
    assert (status, "own pictures" in answer["detail"]) == (422, True)


SECRET = "the engine's secret"


def test_a_trusted_screens_visitor_owns_what_it_began_elsewhere_too(
    api: TestClient, private: str, runs: Path
):
    """The page's own calls bear no browser's token, but the visitor that the screen vouches for."""
    engine = TestClient(create_app(SECRET))
    trusted = {"X-Fovea-Secret": SECRET, "X-Fovea-Visitor": "visitor-one"}
    public = {**SETTINGS, "data": {"name": "digits"}}
    begun = {**trusted, **as_whom(ME)}
    name = engine.post("/api/v1/runs", json={"settings": public}, headers=begun).json()["name"]
    assert engine.get(f"/api/v1/runs/{name}", headers=trusted).json()["mine"]
    other = {**trusted, "X-Fovea-Visitor": "visitor-two"}
    assert not engine.get(f"/api/v1/runs/{name}", headers=other).json()["mine"]
    assert not api.get(f"/api/v1/runs/{name}", headers=trusted).json()["mine"]  # at the edge
    assert engine.get(f"/api/v1/runs/{name}").status_code == 403
    assert "visitor-one" not in (runs / name / "run.json").read_text()
