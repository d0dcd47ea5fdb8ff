"""Augmentation, in both languages, with legal and hostile links."""

import tomllib
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from engine.train.label_keeping import SUBJECTS, judge_label
from engine.train.paired import Verdict
from engine.train.settings import AUGMENTATIONS
from tests.pages.conftest import OpenPage

PATH = "training/augmentation"
LABELS = Path(__file__).resolve().parents[3] / "pages/training/augmentation/labels.toml"


@pytest.mark.parametrize(("lang", "title"), [("en", "How does one"), ("ko", "사진 한 장이")])
def test_the_page_asks_and_answers_in_words(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, subject="digit", erase="0.1")
    assert app.title[0].value.startswith(title)
    at_work = {"en": "at work", "ko": "적용 중"}[lang]
    said = next(e.value for e in app.markdown if at_work in e.value)
    counts = [int(c) for c in said if c.isdigit()]
    assert counts[:2] == [3, 1]  # flip, rotate and erase; only the hole is harmless to a digit


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, rotate="2", flip="<b>", policy="all", seed="-1", per_class="1e9", seeds="99"
    )
    values = app.session_state["augmentation_state"]["values"]
    assert (values["rotate"], values["flip"], values["policy"], values["seed"]) == (
        0.4,
        0.5,
        "none",
        0,
    )
    assert app.session_state["augmentation_compare_state"]["values"] == {
        "seeds": 3,
        "per_class": 30,
        "epochs": 25,
    }


def test_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(PATH, rotate="0.9")
    app.button(key="augmentation_try_mirror").click().run()
    assert not app.exception
    values = app.session_state["augmentation_state"]["values"]
    assert (values["subject"], values["flip"], values["rotate"]) == ("digit", 0.5, 0)
    app.button(key="augmentation_try_off").click().run()
    assert any("Nothing is switched on" in element.value for element in app.markdown)


def test_a_link_says_how_many_seeds(open_page: OpenPage) -> None:
    app = open_page(PATH, seeds="4")
    assert app.session_state["augmentation_compare_state"]["values"]["seeds"] == 4


def test_every_verdict_has_its_sentence() -> None:
    known = tomllib.loads(LABELS.read_text(encoding="utf-8"))
    needed = {f"stage_verdict_{each}" for each in (*get_args(Verdict), "off", "none")}
    assert {key for key in known if key.startswith("stage_verdict_")} == needed
    for verdict in ("helps", "harms", "undecided"):  # mean and interval are said
        for said in known[f"stage_verdict_{verdict}"].values():
            assert all(each in said for each in ("{difference}", "{low}", "{high}", "{count"))


def test_every_reason_has_its_sentence() -> None:
    known = tomllib.loads(LABELS.read_text(encoding="utf-8"))
    cases = product(AUGMENTATIONS, SUBJECTS, (0.05, 1.0))
    verdicts = [judge_label(f"{name}:{strength}", subject) for name, subject, strength in cases]
    needed = {f"stage_reason_{each.reason}" for each in verdicts}
    needed |= {f"stage_level_{each.level}" for each in verdicts}
    needed |= {f"stage_name_{name}" for name in AUGMENTATIONS}
    assert needed <= known.keys()
    assert {key for key in known if key.startswith("stage_reason_")} <= needed
