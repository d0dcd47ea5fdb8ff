"""The page History, in both languages, with its presets and sentences."""

from typing import Any

import pytest

from engine.progress import Progress
from engine.serving.history.challenge import WINNERS
from pages.neurons.history import said
from pages.ui import result
from pages.ui.engine import Answer
from tests.pages.conftest import OpenPage

PATH = "neurons/history"


def told(until: int, verdict: str | None) -> dict[str, Any]:
    """An answer about costs up to a year, as the engine gives it."""
    winner = next(each for each in reversed(WINNERS) if each.year <= until)
    side = {"title": "VGG-19", "year": 2014, "value": 2e10, "times": 28.0}
    ends = {"light": side | {"title": "Small", "value": 4e7, "times": 0.05}, "heavy": side}
    return {
        "winner": vars(winner) | {"counted": None, "counted_title": ""},
        "winners": [vars(each) for each in WINNERS],
        "human_percent": 5.1,
        "extremes": verdict and {"verdict": verdict, "measure": 714188480, **ends},
    }


@pytest.fixture
def answer_cost(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Answers about costs without counting anything; everything else is asked for real."""
    real = result.ask

    def answer(until: int, verdict: str | None, unfinished: bool = False) -> None:
        more = {"unfinished": True, "done": 1, "total": 2} if unfinished else {}

        def ask(path: str, *rest: Any, **named: Any) -> Answer | Progress:
            if path == "history/cost":
                return Answer(told(until, verdict) | more)
            return real(path, *rest, **named)

        monkeypatch.setattr(result, "ask", ask)

    return answer


@pytest.mark.parametrize(
    ("lang", "title", "says"),
    [
        ("en", "Who had which idea when", "Up to 2012, **3"),
        ("ko", "누가 언제 어떤 생각을", "2012년까지 **74개 중 3"),
    ],
)
def test_the_page_asks_and_counts(
    open_page: OpenPage, answer_cost: Any, lang: str, title: str, says: str
) -> None:
    answer_cost(2017, "both")
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    assert any(element.value.startswith(says) for element in app.markdown)
    assert any("28" in element.value and "VGG-19" in element.value for element in app.markdown)


def test_presets_change_what_their_names_say(open_page: OpenPage, answer_cost: Any) -> None:
    answer_cost(2011, None)
    app = open_page(PATH, thread="segmentation")
    app.button(key="history_try_beginnings").click().run()
    assert not app.exception
    values = app.session_state["history_state"]["values"]
    assert values == {"year": 1969, "thread": "all", "span": "beginnings", "station": "xor"}
    app.button(key="history_try_found").click().run()
    assert app.session_state["history_state"]["values"]["thread"] == "detection"
    assert any("detection" in each.value and "2015" in each.value for each in app.markdown)
    app.button(key="history_cost_try_before").click().run()
    assert app.session_state["history_cost_state"]["values"]["until"] == 2011


@pytest.mark.parametrize(
    ("until", "verdict", "wanted"),
    [
        (2010, None, "No deep network had won yet"),
        (2012, "alone", "still better"),
        (2014, "grows", "only grew"),
        (2015, "both", "went both ways"),
        (2017, "shrinks", "That is below the 5.1 %"),
    ],
)
def test_the_sentence_follows_the_numbers(
    monkeypatch: pytest.MonkeyPatch, until: int, verdict: str | None, wanted: str
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(said.st, "markdown", shown.append)
    said.show_cost(Answer(told(until, verdict)), {"until": until, "cost": "macs"})
    assert any(wanted in each for each in shown)
    assert len(shown) == (1 if verdict is None else 2)
    assert not any("{" in each or "nan" in each.lower() for each in shown)


def test_nothing_is_said_of_the_lightest_before_all_are_counted() -> None:
    assert said.is_counted(Answer(told(2017, "both")))
    assert not said.is_counted(Answer(told(2017, "both") | {"unfinished": True}))


def test_the_first_years_have_nothing_to_detect(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(said.st, "markdown", shown.append)
    said.show_past(Answer({"past": 0, "year": 1950, "all": 16, "by_thread": {"detection": 0}}))
    assert shown == ["Up to 1950 there is no station of this thread yet."]
