"""The benchmark measures what the pages are: it must find each page's main control and move it."""

import math
import random
from itertools import islice, pairwise
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from engine.serving.api import create_api
from tests.bench import controls, crowded, live, soak
from tests.bench.numbers import Target, ms, percentile, table
from tests.bench.serving import EXTRA_PAGE, Floor, app_server, chromium
from tests.bench.stage_moves import Reach, away_and_back, is_movable, moves, there_and_back
from tests.bench.subjects import main_control, subjects

NAVIGATION = Path(__file__).resolve().parents[2] / "pages" / "navigation.py"


@pytest.mark.parametrize(
    ("docstring", "control"),
    [
        ("An idea.\n\nMain control: stride. It moves.", "stride"),
        ("An idea.\n\nMain control: kernel size, from 1 to 7.\nSource: nobody.", "kernel_size"),
        ("An idea.\n\nMain control: kernel_size; it moves.", "kernel_size"),
    ],
)
def test_the_docstring_names_the_main_control(docstring: str, control: str) -> None:
    assert main_control(docstring) == control


@pytest.mark.parametrize(
    "docstring", ["", "An idea.", "The Main control: a, b.", "Main control: a,\nMain control: b,"]
)
def test_a_docstring_without_one_main_control_is_refused(docstring: str) -> None:
    with pytest.raises(ValueError, match="Main control"):
        main_control(docstring)


@pytest.mark.parametrize("kind", crowded.KINDS)
def test_heavy_requests_are_ones_that_the_api_knows_and_differ(kind: str) -> None:
    paths = create_api().openapi()["paths"]
    addresses = list(islice(crowded.heavy(kind), 40))
    assert len(set(addresses)) == 40
    for path, _, asked in (address.partition("?") for address in addresses):
        known = {each["name"]: each["schema"] for each in paths[f"/v1/{path}"]["get"]["parameters"]}
        for name, value in parse_qsl(asked):
            assert "maximum" not in known[name] or float(value) <= known[name]["maximum"]
            assert "enum" not in known[name] or value in known[name]["enum"]


@given(st.integers(0, 2**32))
def test_a_soak_asks_what_is_legal(seed: int) -> None:
    parameters = [
        {"name": "some", "schema": {"type": "integer", "minimum": 1, "maximum": 4}},
        {"name": "share", "schema": {"type": "number", "minimum": 0, "maximum": 0.5}},
        {"name": "kind", "required": True, "schema": {"enum": ["a", "b"]}},
        {"name": "free", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
    ]
    values = soak.draw(parameters, random.Random(seed))
    assert values["kind"] in ("a", "b")
    assert values.keys() <= {"some", "share", "kind"}
    assert values.get("some", 1) in (1, 2, 3, 4)
    assert 0 <= values.get("share", 0) <= 0.5


def test_exceptions_are_of_pages_that_exist() -> None:
    assert set(controls.EXCEPTED) <= {subject.stem for subject in subjects()}


@pytest.mark.usefixtures("ask_engine_here")
def test_the_empty_page_is_bare_and_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(__file__).with_name("empty_page.py")
    monkeypatch.setenv(EXTRA_PAGE, str(path))
    app = AppTest.from_file(str(NAVIGATION), default_timeout=60).run()
    assert [text.value for text in app.title]  # home, with its frame
    app.switch_page(str(path)).run()
    app.slider[0].set_value(7).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["number 7"]
    assert not app.title
    assert not app.button_group
    assert {element.type for element in app.main} == {"main", "slider", "text"}


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    st.floats(0, 100, exclude_min=True),
)
def test_percentiles_are_those_of_numpy(values: list[float], percent: float) -> None:
    expected = np.percentile(values, percent, method="inverted_cdf")
    near = [percentile(values, percent + step) for step in (-1e-9, 0, 1e-9)]
    assert expected in near  # where percent / 100 × n is whole but for its last bit


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0.00"), (0.994, "0.99"), (1, "1.0"), (9.94, "9.9"), (1234.5, "1234")]
)
def test_milliseconds_have_the_digits_that_mean_something(value: float, text: str) -> None:
    assert ms(value) == text


@pytest.mark.parametrize(("value", "verdict"), [(0.5, "met"), (0.5001, "NOT MET")])
def test_a_target_is_met_up_to_its_bound(value: float, verdict: str) -> None:
    assert Target(0.5, "≤ 0.5").judge(value) == f"≤ 0.5  {verdict}"


def test_a_table_sets_numbers_to_the_right() -> None:
    text = table("Title", ("name", "ms"), [["a", "5.0"], ["longer", "123"]], "a note")
    assert text.splitlines() == [
        "", "Title", "name     ms", "───────────", "a       5.0", "longer  123", "a note",
    ]  # fmt: skip


SLIDER = Reach("range", False, 1, 19, 1, False, [])
LOG = Reach("range", False, 0, math.log2(256), 1, True, [])
CHOICE = Reach("select-one", False, math.nan, math.nan, math.nan, False, ["a", "b", "c"])
SWITCH = Reach("checkbox", False, math.nan, math.nan, math.nan, False, [])


@pytest.mark.parametrize("reach", [SLIDER, LOG, CHOICE, SWITCH], ids=lambda reach: reach.type)
@pytest.mark.parametrize("count", [2, 3, 48])
def test_a_drag_never_stands_still_and_stays_in_reach(reach: Reach, count: int) -> None:
    found = moves(reach, count)
    assert 2 <= len(found) <= max(count, 2)
    way = there_and_back(found, 48)
    assert len(way) == 48
    assert all(here.value != there.value for here, there in pairwise(way))
    if reach.type == "range":
        assert all(reach.low <= move.position <= reach.high for move in way)  # type: ignore[operator]
        values = [2**move.position if reach.log else move.position for move in way]  # type: ignore[operator]
        assert values == pytest.approx([float(move.value) for move in way])


def test_fractions_are_written_as_javascript_writes_them() -> None:
    tenths = Reach("range", False, -2, 2, 0.1, False, [])
    found = [move.value for move in moves(tenths, 41)]
    assert found[:3] == ["-2", "-1.9", "-1.8"]
    assert found[20] == "0"
    assert len(found) == 41


@pytest.mark.parametrize(
    ("low", "high", "step", "last"),
    [(8, 512, 8, 512), (1e-5, 1, 1e-5, 1), (0.001, 10, 1e-3, 10), (1, 56.375, 0.01, 56.37)],
)
def test_a_log_slider_is_set_to_multiples_of_its_step(
    low: float, high: float, step: float, last: float
) -> None:
    reach = Reach("range", False, math.log2(low), math.log2(high), step, True, [])
    values = [float(move.value) for move in moves(reach, 48)]
    assert (values[0], values[-1]) == (low, last)
    assert all(abs(value / step - round(value / step)) < 1e-6 for value in values)


@pytest.mark.parametrize(
    ("reach", "now"), [(SLIDER, "4"), (LOG, "32"), (CHOICE, "b"), (SWITCH, "false")]
)
def test_away_and_back_ends_where_it_began(reach: Reach, now: str) -> None:
    away, back = away_and_back(reach, now)
    assert away.value != now
    if reach.log:  # whole values, but not each of them
        assert float(back.value) == pytest.approx(float(now), rel=0.1)
    else:
        assert back.value == now


@pytest.mark.parametrize(
    "reach",
    [
        Reach("range", False, 3, 3, 1, False, []),
        Reach("range", True, 1, 9, 1, False, []),
        Reach("select-one", False, math.nan, math.nan, math.nan, False, ["a"]),
    ],
)
def test_what_cannot_be_moved_is_not(reach: Reach) -> None:
    assert not is_movable(reach)
    with pytest.raises(ValueError, match="cannot be moved"):
        moves(reach, 48)


@pytest.mark.browser
def test_a_drag_and_the_floor_are_measured_in_a_real_browser() -> None:
    home = subjects()[0]
    with app_server() as server, chromium() as browser:
        floor = Floor(browser, server)
        name, control, counted, asked, *numbers = live.measure(home, browser, server, floor, 3)
    assert (name, control, counted) == ("home", "depth", "3 of 3")
    assert 0 <= int(asked) <= 3
    assert all(float(number) > 0 for number in numbers[:4])
    assert numbers[-1].startswith("≤ 0.5 × p50")
