"""What is published: every figure has a source, every source an address, every set its words."""

import re
import tomllib
from typing import get_args

import pytest

from engine.serving.datasets.contract import FIRST_YEAR, LAST_YEAR, Set
from engine.serving.datasets.published import (
    LOWER_IS_BETTER,
    PublicSet,
    list_sets,
    list_sources,
    results_of,
)
from engine.serving.history.challenge import WINNERS
from pages.ui.chapters import page_folder

SETS = list_sets()
FIGURES = ("year", "train", "validation", "test", "classes", "objects", "sides")


@pytest.mark.parametrize("found", SETS, ids=lambda found: found.key)
def test_every_figure_of_a_set_has_a_source(found: PublicSet) -> None:
    figures = {name for name in FIGURES if getattr(found, name)}
    assert found.sources.keys() == figures | {"licence"}
    assert set(found.sources.values()) <= list_sources().keys()
    assert set(found.kinds) <= {"class", "box", "mask", "keypoints", "caption"}
    assert bool(found.classes) == bool(found.kinds) == bool(found.pictures)  # or a platform


@pytest.mark.parametrize("key", get_args(Set))
def test_results_are_cited_and_in_order(key: str) -> None:
    found = results_of(key)
    assert found is not None
    years = [row.year for row in found.rows]
    assert years == sorted(years)
    assert FIRST_YEAR <= years[0] <= years[-1] <= LAST_YEAR
    for row in found.rows:
        assert row.source in list_sources(), row.name
        assert 0 < row.percent < 100
    best = found.best(LAST_YEAR)
    assert best is not None
    sign = 1 if found.measure in LOWER_IS_BETTER else -1
    assert sign * best.percent == min(sign * row.percent for row in found.rows)
    assert found.best(years[0] - 1) is None


def test_sources_are_addresses_and_each_is_used() -> None:
    used = {key for found in SETS for key in found.sources.values()}
    for key in get_args(Set):
        if found := results_of(key):
            used |= {row.source for row in found.rows}
    assert used == set(list_sources())
    for source in list_sources().values():
        assert re.fullmatch(r"https?://[\w.-]+\.[a-z]+/\S+", source.url)
        assert len(source.text) > 8


def test_the_figures_that_everybody_knows() -> None:
    known = {found.key: (found.pictures, found.classes) for found in SETS}
    assert known["mnist"] == (70_000, 10)
    assert (known["cifar10"], known["cifar100"]) == ((60_000, 10), (60_000, 100))
    assert known["cityscapes"] == (5_000, 30)
    assert known["voc2007"] == (9_963, 20)
    assert known["coco"][1] == 80
    assert known["imagenet"] == (1_431_167, 1_000)
    assert known["kaggle"] == (0, 0)


def test_imagenet_winners_are_those_of_the_history() -> None:
    found = results_of("imagenet")
    assert found is not None
    ours = [(row.year, row.percent, list_sources()[row.source].url) for row in found.rows]
    assert ours == [(each.year, each.error_percent, each.url) for each in WINNERS]
    assert all(row.won for row in found.rows)


def test_every_set_is_told_in_words_and_no_other() -> None:
    folder = page_folder("datasets")
    assert folder is not None
    told = tomllib.loads((folder / "labels.toml").read_text(encoding="utf-8"))
    keys = {found.key for found in SETS}
    for prefix in ("stage_about_", "stage_licence_"):
        assert {each.removeprefix(prefix) for each in told if each.startswith(prefix)} == keys
    for found in SETS:
        assert results_of(found.key) is None or f"option_chosen_{found.key}" in told
