"""Overfitting, in both languages, with legal and hostile links."""

import pytest

from engine.serving.overfitting.compute import DROPOUT, LEARNING_RATE, PATIENCE, WEIGHT_DECAY
from tests.pages.conftest import OpenPage

PATH = "training/overfitting"
STATES = ["overfitting", "overfitting_pair", "overfitting_memory"]


@pytest.mark.parametrize(("lang", "title"), [("en", "Has it learnt"), ("ko", "배웠을까요")])
def test_the_page_has_its_stages(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, per_class="7", remedy="weight_decay", which="remedied")
    assert app.title[0].value.startswith(title)
    assert len(app.subheader) == 2
    lessons, pair, memory = (app.session_state[f"{name}_state"]["values"] for name in STATES)
    assert lessons["per_class"] == 7
    assert pair["remedy"] == "weight_decay"
    assert memory == {"epoch": 100, "which": "remedied"}


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, per_class="4", data="../etc", label_noise="99", imbalance="inf", net="<b>",
        depth="-1", remedy="x", epochs="1e9", dropout="2", augment="maybe", epoch="0", which="9",
    )  # fmt: skip
    lessons, pair, memory = (app.session_state[f"{name}_state"]["values"] for name in STATES)
    assert lessons == {
        "per_class": 50, "data": "digits", "label_noise": 20, "imbalance": 1, "net": "mlp",
        "depth": 3,
    }  # fmt: skip
    assert (pair["remedy"], pair["epochs"], pair["dropout"]) == ("dropout", 50, 0)
    assert pair["augment"] is False
    assert memory == {"epoch": 100, "which": "own"}


def test_try_this_sets_the_lessons(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="overfitting_try_noise").click().run()
    assert not app.exception
    assert app.session_state["overfitting_state"]["values"]["label_noise"] == 50
    app.button(key="overfitting_try_five_hundred").click().run()
    values = app.session_state["overfitting_state"]["values"]
    assert (values["data"], values["per_class"], values["label_noise"]) == ("shapes32", 500, 0)


@pytest.mark.parametrize(
    ("lang", "named"),
    [
        ("en", ("**Dropout** ", "**Weight decay** λ = ", "patience ")),
        ("ko", ("**드롭아웃** ", "**가중치 감쇠** λ = ", "**조기 종료**, ")),
    ],
)
def test_remedies_are_explained_with_the_numbers_that_they_have(
    open_page: OpenPage, lang: str, named: tuple[str, str, str]
) -> None:
    app = open_page(PATH, lang)
    said = next(each.value for each in app.markdown if named[0] in each.value)
    for name, value in zip(named, (DROPOUT, WEIGHT_DECAY, PATIENCE), strict=True):
        assert f"{name}{value:g}" in said
    shrinks = LEARNING_RATE * WEIGHT_DECAY
    assert f"{LEARNING_RATE:g} × {WEIGHT_DECAY:g} = {100 * shrinks:g} %" in said
