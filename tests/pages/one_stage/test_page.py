"""The One stage page, in both languages, with its presets and sentences."""

import pytest

from engine.progress import Progress
from pages.ui.engine import Answer
from tests.pages.conftest import OpenPage

PATH = "detection/one_stage"
FOUND = {"name": "cat", "grids": [[52, 52], [26, 26], [13, 13]], "sure": 0.4, "floor": 0.05}


@pytest.mark.parametrize(
    ("lang", "title", "said"),
    [
        ("en", "How does one look find", "holds here"),
        ("ko", "한 번 보고 어떻게", "여기서는 맞습니다"),
    ],
)
def test_the_page_asks_and_answers_in_words(
    open_page: OpenPage, lang: str, title: str, said: str
) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    verdicts = [element.value for element in app.markdown if "52 × 52" in element.value]
    assert any(said in each for each in verdicts)


def test_presets_change_what_their_names_say(open_page: OpenPage) -> None:
    app = open_page(PATH, zoom="77")
    first = {"zoom": 40, "score": 0.4, "thing": "", "cell": ""}
    changes = {"whole": {"zoom": 100}, "small": {"zoom": 15}, "every": {"score": 0.05}}
    for name, changed in changes.items():
        app.button(key=f"one_stage_try_{name}").click().run()
        assert not app.exception
        assert app.session_state["one_stage_state"]["values"] == first | changed
    app.button(key="one_stage_try_cup").click().run()
    assert app.session_state["picture_ref"] == "coffee"
    app.button(key="one_stage_anchors_try_fine").click().run()
    assert app.session_state["one_stage_anchors_state"]["values"]["level"] == "P3"
    app.button(key="one_stage_focal_try_untaught").click().run()
    assert app.session_state["one_stage_focal_state"]["values"] == {"gamma": 2, "net": "before"}


@pytest.mark.parametrize(
    ("plain", "focal", "wanted"),
    [(0.8, 0.1, "that are hard decide more"), (0.3, 0.3, "as much"), (0.2, 0.4, "even more")],
)
def test_the_easy_answers_are_said_as_they_are(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, plain: float, focal: float, wanted: str
) -> None:
    from pages.ui import result

    told = {"easy": 0.991, "easy_plain": plain, "easy_focal": focal, "gamma": 2.0}

    def ask(path: str, *_: object, **__: object) -> Answer | Progress:
        return Answer(told) if path == "one-stage/focal" else Progress(0, 1)

    monkeypatch.setattr(result, "ask", ask)
    app = open_page(PATH)
    assert any(wanted in element.value for element in app.markdown)


@pytest.mark.parametrize(
    ("verdict", "won", "wanted"),
    [
        ("holds", [[20.0, 40.0], [50.0, 50.2], None], "52 × 52 wins from 20 to 40 px"),
        ("fails", [[200.0, 400.0], [50.0, 90.0], None], "does not hold here"),
        ("open", [None, None, [99.0, 300.0]], "cannot be told here"),
    ],
)
def test_the_sentence_follows_the_numbers(
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    verdict: str,
    won: list[list[float] | None],
    wanted: str,
) -> None:
    from pages.ui import result

    told = {"map_verdict": verdict, "won_px": won}
    told |= {"grid_verdict": verdict, "smallest_px": [None, 31.0, 80.0]}

    def ask(path: str, *_: object, **__: object) -> Answer | Progress:
        return Answer(FOUND | told) if path == "one-stage/zooms" else Progress(0, 1)

    monkeypatch.setattr(result, "ask", ask)
    app = open_page(PATH)
    said = [element.value for element in app.markdown]
    assert any(wanted in each for each in said)
    assert any("52 × 52 never, 26 × 26 from 31 px on" in each for each in said)
