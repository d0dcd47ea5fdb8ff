"""Panoptic fusion, in both languages, with legal and hostile links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "segmentation/panoptic_fusion"


@pytest.mark.parametrize(("lang", "title"), [("en", "How do three maps"), ("ko", "맵 세 장이")])
def test_the_page_has_its_stage(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, threshold="0.5", step="3", window="9", stuff_area="640", errors="0")
    assert app.title[0].value.startswith(title)
    values = app.session_state["panoptic_fusion_state"]["values"]
    assert (values["threshold"], values["step"], values["window"]) == (0.5, 3, 9)
    assert (values["stuff_area"], values["errors"]) == (640, False)


def test_hostile_links_fall_back_and_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(
        PATH, threshold="nan", step="8", window="-3", stuff_area="1e9", errors="maybe", scene="0",
        things="x", difficulty="2", overlap="-1", pixel="1,2,3",
    )  # fmt: skip
    values = app.session_state["panoptic_fusion_state"]["values"]
    assert values == {
        "threshold": 0.3, "step": 7, "window": 7, "stuff_area": 64, "errors": True, "scene": 34,
        "things": 7, "difficulty": 0.3, "overlap": 0.3, "pixel": "",
    }  # fmt: skip
    app.button(key="panoptic_fusion_try_wide").click().run()
    assert not app.exception
    assert app.session_state["panoptic_fusion_state"]["values"]["window"] == 31
