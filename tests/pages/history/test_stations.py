"""The stations themselves: citations, years and lanes, and that each link opens what it says."""

import re
import tomllib
from importlib import import_module
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from engine.errors import InputError
from engine.nets.architectures import find_architecture
from engine.pictures import SAMPLE_NAMES
from engine.segment.segmenters import find_segmenter
from engine.serving.history.challenge import HUMAN_ERROR_PERCENT, WINNERS, winner_until
from engine.serving.history.contract import FIRST_YEAR, LAST_YEAR, Question
from engine.serving.history.stations import THREADS, Station, list_stations
from pages.ui.chapters import CHAPTERS, page_folder
from pages.ui.controls import Hidden, controls_of

STATIONS = list_stations()
PAGES = {stem for stems in CHAPTERS.values() for stem in stems}
#: Fields whose choices only the engine knows: what finds one of them, or raises.
KNOWN = {
    ("segment", "method"): find_segmenter,
    ("architectures", "first"): find_architecture,
    ("architectures", "second"): find_architecture,
}


def fields_of(page: str) -> dict[str, tuple[type[BaseModel], FieldInfo]]:
    """What a page's link can say, by name, with the model that says so."""
    contract = import_module(f"engine.serving.{page}.contract")
    models = [
        each
        for each in vars(contract).values()
        if isinstance(each, type) and issubclass(each, BaseModel) and each is not BaseModel
    ]
    return {name: (model, told) for model in models for name, told in model.model_fields.items()}


def read_as_a_link(page: str, name: str, text: str) -> Any:
    """What the page makes of a value of its link."""
    model, told = fields_of(page)[name]
    value = TypeAdapter(told.rebuild_annotation()).validate_strings(text)
    if (page, name) in KNOWN:
        KNOWN[page, name](text)
        return value
    (control,) = controls_of(model, name)
    read = control.read(text)
    assert str(read) == str(value) or float(read) == float(value), f"{name}={text} becomes {read}"
    return read


@pytest.mark.parametrize("station", STATIONS, ids=lambda station: station.key)
def test_its_link_opens_a_page_that_knows_the_state(station: Station) -> None:
    assert station.page in PAGES
    folder = page_folder(station.page)
    assert folder is not None
    assert (folder / "page.py").is_file()
    for name, text in station.state.items():
        if name == "pic":
            assert text in SAMPLE_NAMES
        else:
            read_as_a_link(station.page, name, text)


def test_what_stands_further_down_is_found_by_its_first_control() -> None:
    """The link ends in "#" and that name; a value without a control leads nowhere."""
    for station in STATIONS:
        if station.below:
            name = next(iter(station.state))
            model, _ = fields_of(station.page)[name]
            assert not isinstance(controls_of(model, name)[0], Hidden), station.key


@pytest.mark.parametrize(
    ("page", "name", "text", "error"),
    [
        ("perceptron", "step", "401", ValidationError),
        ("perceptron", "points", "1,1", ValidationError),
        ("perceptron", "nothing", "1", KeyError),
        ("segment", "method", "sam", InputError),
        ("architectures", "first", "resnet19", InputError),
    ],
)
def test_a_link_that_a_page_does_not_know_is_noticed(
    page: str, name: str, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        read_as_a_link(page, name, text)


@pytest.mark.parametrize("station", STATIONS, ids=lambda station: station.key)
def test_it_is_cited_whole(station: Station) -> None:
    assert re.fullmatch(r"[^\W\d_][\w .'’–-]*(, [^\W\d_][\w .'’–-]*)*", station.authors)
    assert len(station.title) > 5
    assert len(station.venue) > 2
    assert re.fullmatch(r"https://[\w.-]+\.[a-z]+/\S+", station.url)
    if station.url.startswith("https://doi.org/"):
        assert re.fullmatch(r"10\.\d{4,5}/\S+", station.url.removeprefix("https://doi.org/"))


def test_years_and_lanes_agree() -> None:
    assert len(STATIONS) >= 30
    years = [station.year for station in STATIONS]
    assert years == sorted(years)
    assert (years[0], years[-1]) == (FIRST_YEAR, LAST_YEAR)
    assert {station.thread for station in STATIONS} == set(THREADS)
    assert len({station.key for station in STATIONS}) == len(STATIONS)
    assert len({station.url for station in STATIONS}) == len(STATIONS)
    for station in STATIONS:  # an arXiv number begins with year and month of the preprint
        found = re.search(r"arxiv\.org/abs/(\d\d)\d\d\.", station.url)
        assert found is None or 0 <= station.year - (2000 + int(found[1])) <= 1, station.key
        assert Question(station=station.key).station == station.key


def test_those_that_the_course_needs_are_there() -> None:
    pages = {(station.key, station.page) for station in STATIONS}
    assert {
        ("xor", "perceptron"),
        ("backpropagation", "backpropagation"),
        ("support_vectors", "haar_hog"),
        ("hog", "haar_hog"),
        ("alexnet", "feature_maps"),
        ("faster_rcnn", "two_stage"),
    } <= pages
    assert sum(station.thread == "generation" for station in STATIONS) >= 4


def test_every_station_is_told_and_no_other() -> None:
    folder = page_folder("history")
    assert folder is not None
    told = tomllib.loads((folder / "stations.labels.toml").read_text(encoding="utf-8"))
    keys = {station.key for station in STATIONS}
    for part in ("name", "said", "do"):
        prefix = f"stage_{part}_"
        assert {key.removeprefix(prefix) for key in told if key.startswith(prefix)} == keys
    disputed = {key.removeprefix("stage_dispute_") for key in told if "dispute" in key}
    assert {"perceptron", "reverse_mode", "werbos", "backpropagation"} <= disputed <= keys
    for key in disputed:  # by whom, or when: a dispute names a year
        assert re.search(r"\b1[89]\d\d|20\d\d", told[f"stage_dispute_{key}"]["en"]), key


def test_the_challenge_is_told_as_published() -> None:
    published = dict(
        zip(range(2010, 2018), (28.2, 25.8, 16.4, 11.7, 6.7, 3.57, 2.99, 2.25), strict=True)
    )
    assert {winner.year: winner.error_percent for winner in WINNERS} == published
    errors = [winner.error_percent for winner in WINNERS]
    assert errors == sorted(errors, reverse=True)
    assert [winner.year for winner in WINNERS if winner.error_percent < HUMAN_ERROR_PERCENT] == [
        2015,
        2016,
        2017,
    ]
    assert [winner_until(year).year for year in (2005, 2010, 2014, 2022)] == [
        2010,
        2010,
        2014,
        2017,
    ]
    for winner in WINNERS:
        assert winner.url.startswith("https://")
        if winner.architecture:
            assert find_architecture(winner.architecture).year == winner.year
