"""The costliest legal values of every route, asked of an engine of its own: nothing falls over.

Every route says what it may take, in its description (``Bound: 2 s of a core, 100 MiB.``, of an
answer that is a job ``Bound: a job of 10 s of a core, 200 MiB.``).
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.memory import MIB, ceiling_bytes
from engine.serving.api import create_api

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 900  # of a slow machine; two free cores take a minute
BOUND = re.compile(r"Bound: (a job of )?([\d.]+) s of a\s+core, (\d+)\s+MiB\.")
SLOWER = 3  # than the machine on which the bounds were measured, and first uses load what is needed
LOADING_S, LOADING_MIB = 2.0, 150
FINE = {200, 202, 204, 404, 413, 422, 424, 429, 503}  # 424: weights that are not at hand
Row = dict[str, Any]


def routes() -> Iterator[tuple[str, str, str]]:
    """Method, path and description of every route that is described."""
    for path, methods in create_api().openapi()["paths"].items():
        for method, told in methods.items():
            yield method.upper(), path, told.get("description", "")


ROUTES = list(routes())


@pytest.mark.parametrize(
    ("method", "path", "description"), ROUTES, ids=[f"{r[0]} {r[1]}" for r in ROUTES]
)
def test_every_route_states_what_it_may_take(method: str, path: str, description: str) -> None:
    assert BOUND.search(description)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    runs = tmp_path_factory.mktemp("costliest") / "runs"
    settings = {**os.environ, "FOVEA_RUNS": str(runs), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.engine.serving.costliest"]
    ended = subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


def answers(asked: list[Row]) -> list[Row]:
    return [row for row in asked if "status" in row]


def test_every_question_is_asked_and_none_fails(asked: list[Row]) -> None:
    got = {row["path"] for row in answers(asked) if row["method"] == "GET"}
    assert got == {path for method, path, _ in ROUTES if method == "GET"}
    wrong = [row for row in answers(asked) if row["status"] not in FINE]
    assert not wrong
    for row in answers(asked):
        if row["status"] >= 400:
            assert re.match(r'\{"detail":"[^"{]{20,}', row["detail"].replace('\\"', "'")), row
    assert len({row["path"] for row in answers(asked) if row["status"] == 200}) > 60


def test_what_was_begun_ends_when_nobody_asks(asked: list[Row]) -> None:
    assert not [row for row in asked if "stuck" in row]


def test_the_engine_stays_below_its_ceiling(asked: list[Row]) -> None:
    (peak,) = [row["peak_mib"] for row in asked if "peak_mib" in row]
    assert 300 < peak <= ceiling_bytes() / MIB


def test_no_answer_takes_more_than_is_stated(asked: list[Row]) -> None:
    stated = {(m, p): found for m, p, told in ROUTES if (found := BOUND.search(told))}
    for row in answers(asked):
        bound = stated.get((row["method"], row["path"]))
        if bound is not None:
            assert row["more_mib"] <= int(bound[3]) + LOADING_MIB, (row, bound[0])
            assert row["cpu_s"] <= SLOWER * float(bound[2]) + LOADING_S, (row, bound[0])
