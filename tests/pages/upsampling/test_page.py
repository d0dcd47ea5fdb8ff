"""Growing back, in both languages, with legal and hostile links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "segmentation/upsampling"
STATE, LAYERS = "upsampling_state", "upsampling_layers_state"


@pytest.mark.parametrize(("lang", "title"), [("en", "How does a shrunken"), ("ko", "줄어든 특징")])
def test_the_page_opens_with_what_the_link_says(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, decoder="6", zoom="2", pixel="3,95", kernel="4", measure="right")
    assert app.title[0].value.startswith(title)
    values = app.session_state[STATE]["values"]
    assert (values["decoder"], values["zoom"], values["pixel"]) == (6, 2, "3,95")
    assert app.session_state[LAYERS]["values"]["kernel"] == 4
    assert app.session_state["upsampling_distance_state"]["values"] == {"measure": "right"}


def test_hostile_links_fall_back_and_try_this_sets_the_stages(open_page: OpenPage) -> None:
    app = open_page(
        PATH, decoder="7", zoom="nan", scene="0", things="x", difficulty="2", pixel="1,2,3",
        kernel="-1", stride="1e9", halving="", measure="<b>",
    )  # fmt: skip
    assert app.session_state[STATE]["values"] == {
        "decoder": 1, "zoom": 4, "scene": 11, "things": 6, "difficulty": 0.3, "pixel": "",
    }  # fmt: skip
    assert app.session_state[LAYERS]["values"] == {"kernel": 3, "stride": 2, "halving": 2}
    app.button(key="upsampling_try_unet").click().run()
    app.button(key="upsampling_layers_try_even").click().run()
    assert not app.exception
    assert app.session_state[STATE]["values"]["decoder"] == 6
    assert app.session_state[LAYERS]["values"]["kernel"] == 4
