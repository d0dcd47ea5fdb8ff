"""Loss and learning rate, in both languages, with legal and hostile links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "training/learning_rate"
STATES = [
    "learning_rate",
    "learning_rate_descent",
    "lr_schedules",
    "learning_rate_epoch",
    "lr_order",
]


@pytest.mark.parametrize(("lang", "title"), [("en", "How wrong"), ("ko", "얼마나 틀렸고")])
def test_the_page_has_its_stages(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, at="-4.5", rate="0.25", batch="128", order_batch="16")
    assert app.title[0].value.startswith(title)
    assert len(app.subheader) == 4
    values = {name: app.session_state[f"{name}_state"]["values"] for name in STATES}
    assert values["learning_rate"]["at"] == -4.5
    assert values["learning_rate_descent"]["rate"] == 0.25
    assert values["learning_rate_epoch"]["batch"] == 128
    assert values["lr_order"] == {"order_batch": 16}


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, at="7", case="<b>", rate="0", momentum="nan", start="9,9", surface="moon",
        peak="-1", compared="'", warmup="7", batch="1e9", order="", order_batch="x",
    )  # fmt: skip
    values = {name: app.session_state[f"{name}_state"]["values"] for name in STATES}
    assert values["learning_rate"] == {"at": -3, "case": "class"}
    assert values["learning_rate_descent"]["start"] == "-3.00,3.40"
    assert values["learning_rate_descent"]["rate"] == 0.1
    assert values["lr_schedules"]["warmup"] is False
    assert values["learning_rate_epoch"] == {"batch": 64, "order": "shuffled"}
    assert values["lr_order"] == {"order_batch": 32}


def test_try_this_sets_its_own_stage(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="learning_rate_descent_try_diverge").click().run()
    assert not app.exception
    assert app.session_state["learning_rate_descent_state"]["values"]["surface"] == "valley"
    assert app.session_state["learning_rate_state"]["values"]["at"] == -3
