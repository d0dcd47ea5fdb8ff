"""DetectNet, in both languages, with legal and hostile links."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "detection/detectnet"
STATES = ["detectnet", "detectnet_training", "detectnet_retraining"]


@pytest.mark.parametrize(("lang", "title"), [("en", "How can one pass"), ("ko", "사진을 한 번만")])
def test_the_page_has_its_stages(open_page: OpenPage, lang: str, title: str) -> None:
    app = open_page(PATH, lang, threshold="0.3", box_weight="0", high="0.05", cell="3,11")
    assert app.title[0].value.startswith(title)
    assert len(app.subheader) == 2
    scene, training, retraining = (app.session_state[f"{name}_state"]["values"] for name in STATES)
    assert (scene["threshold"], scene["cell"]) == (0.3, "3,11")
    assert (training["box_weight"], training["epochs"]) == (0, 12)
    assert (retraining["low"], retraining["high"]) == (1e-4, 0.05)


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, threshold="nan", scene="13", merge="<b>", shown="../", cell="-1,1", epoch="31",
        cut="2", box_weight="5", coverage_loss="l1", learning_rate="0", epochs="x", after="9",
        least="0", low="inf", high="-1",
    )  # fmt: skip
    scene, training, retraining = (app.session_state[f"{name}_state"]["values"] for name in STATES)
    assert scene == {"threshold": 0.5, "scene": 2, "merge": "nms", "shown": "all", "cell": ""}
    assert training == {
        "epoch": 30, "cut": 0.3, "box_weight": 1, "coverage_loss": "l2", "learning_rate": 0.003,
        "epochs": 12,
    }  # fmt: skip
    assert retraining == {"after": 8, "least": 0.3, "low": 1e-4, "high": 0.02}


def test_try_this_sets_both_stages(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="detectnet_try_cells").click().run()
    app.button(key="detectnet_training_try_no_boxes").click().run()
    assert not app.exception
    assert app.session_state["detectnet_state"]["values"]["merge"] == "none"
    assert app.session_state["detectnet_training_state"]["values"]["box_weight"] == 0
