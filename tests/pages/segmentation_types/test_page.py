"""Kinds of segmentation, in both languages, with legal and hostile links."""

import pytest

from engine.serving.marks_contract import FIRST_BOX
from tests.pages.conftest import OpenPage

PATH = "segmentation/segmentation_types"


@pytest.mark.parametrize(("lang", "title"), [("en", "What can be said"), ("ko", "그림 하나를")])
def test_the_page_has_its_stage(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, opacity="35", reading="semantic", marks="rq", pixel="9,95")
    assert app.title[0].value.startswith(title)
    values = app.session_state["segmentation_types_state"]["values"]
    assert (values["opacity"], values["reading"], values["marks"]) == (35, "semantic", "rq")
    assert (values["pixel"], values["difficulty"], values["overlap"]) == ("9,95", 0.3, 0.3)


def test_hostile_links_fall_back_and_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(
        PATH, opacity="101", reading="<b>", marks="../", scene="41", things="13",
        difficulty="nan", overlap="0.9", pixel="-1,1",
    )  # fmt: skip
    values = app.session_state["segmentation_types_state"]["values"]
    assert values == {
        "opacity": 60, "reading": "panoptic", "marks": "none", "scene": 34, "things": 7,
        "difficulty": 0.3, "overlap": 0.3, "pixel": "",
    }  # fmt: skip
    app.button(key="segmentation_types_try_hard").click().run()
    assert not app.exception
    assert app.session_state["segmentation_types_state"]["values"]["difficulty"] == 1


def test_the_photo_has_a_stage_of_its_own(open_page: OpenPage) -> None:
    app = open_page(PATH, photo_score="0.8", cut_by="slic", photo_opacity="20")
    values = app.session_state["segmentation_types_photo_state"]["values"]
    assert values == {
        "photo_score": 0.8, "photo_opacity": 20, "cut_by": "grabcut", "photo_drawn": FIRST_BOX,
    }  # fmt: skip
