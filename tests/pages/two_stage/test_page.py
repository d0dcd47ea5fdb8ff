"""The Two stages page, in both languages, with legal and odd links."""

import pytest

from engine.serving.two_stage.contract import OpenedQuestion, Question, TrainingQuestion
from pages.ui.controls import controls_of, first_state
from tests.pages.conftest import OpenPage

PATH = "detection/two_stage"
STATES = ["two_stage", "two_stage_opened", "two_stage_training"]
CROPS, OPENED, TRAINING = (
    first_state(controls_of(each)) for each in (Question, OpenedQuestion, TrainingQuestion)
)


@pytest.mark.parametrize(("lang", "title"), [("en", "Why look twice"), ("ko", "왜 먼저 자리를")])
def test_the_page_has_its_stages(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, proposals="50", way="map", step="6", thing="1", epochs="2")
    assert app.title[0].value.startswith(title)
    assert len(app.subheader) == 2
    crops, opened, training = (app.session_state[f"{name}_state"]["values"] for name in STATES)
    assert crops == CROPS | {"proposals": 50, "way": "map"}
    assert opened == OPENED | {"step": 6, "thing": "1"}
    assert training == TRAINING | {"epochs": 2}


def test_a_photo_can_be_chosen_and_its_network_downloaded(open_page: OpenPage) -> None:
    app = open_page(PATH, of="photo", step="2")
    values = app.session_state["two_stage_opened_state"]["values"]
    assert values == {"of": "photo", "step": 2, "thing": ""}
    assert any("COCO" in each.value and "74 MB" in each.value for each in app.info)
    assert [b for b in app.button if str(b.key).startswith("fasterrcnn")]
    app.button(key="two_stage_opened_try_crop").click().run()
    assert app.session_state["two_stage_opened_state"]["values"] == OPENED | {"step": 4}


def test_presets_change_what_their_names_say(open_page: OpenPage) -> None:
    app = open_page(PATH, proposals="50", score="0.6", scene="5")
    changes = {
        "few": {"proposals": 10},
        "many": {"proposals": 200},
        "map": {"way": "map"},
        "early": {"way": "map", "stride": "8"},
        "unthinned": {"iou": 0.95},
    }
    for name, changed in changes.items():
        app.button(key=f"two_stage_try_{name}").click().run()
        assert app.session_state["two_stage_state"]["values"] == CROPS | changed
    changes = {
        "anchors": {"step": 1},
        "untrained": {"weights": "drawn", "step": 2},
        "crop": {"step": 4},
        "fate": {"step": 6},
    }
    for name, changed in changes.items():
        app.button(key=f"two_stage_opened_try_{name}").click().run()
        assert app.session_state["two_stage_opened_state"]["values"] == OPENED | changed
    assert not app.exception
