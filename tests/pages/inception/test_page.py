"""The page Inception module, in both languages, with its presets and sentences."""

import pytest

from pages.ui.engine import Answer
from tests.pages.conftest import OpenPage

PATH = "convolution/inception"


@pytest.mark.parametrize(
    ("lang", "title", "says"),
    [
        ("en", "Why does Inception put", "**With their 1×1 bottlenecks the 3×3 and the 5×5 branch"),
        ("ko", "인셉션은 왜", "**1×1 보틀넥이 있으면 3×3과 5×5 갈래에"),
    ],
)
def test_the_page_asks_and_says_what_was_counted(
    open_page: OpenPage, lang: str, title: str, says: str
) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    said = [element.value for element in app.markdown]
    assert any(each.startswith(says) for each in said)
    assert any("120" in each and "12.4" in each for each in said)
    assert any("Inception v3 (2015)" in each and "34" in each for each in said)


def test_presets_change_what_their_names_say(open_page: OpenPage) -> None:
    app = open_page(PATH, share="7")
    app.button(key="inception_try_half").click().run()
    assert not app.exception
    assert app.session_state["inception_state"]["values"] == {"share": 50, "module": "a"}
    app.button(key="inception_cost_try_too_broad").click().run()
    assert app.session_state["inception_cost_state"]["values"]["width"] == 160
    assert any("saves nothing" in element.value for element in app.markdown)
    app.button(key="inception_cost_try_even_channels").click().run()
    said = [element.value for element in app.markdown]
    assert any(each.startswith("Behind it, 3×3 filters that see as far") for each in said)


def answers(kept_ms: float, total: float, found: int) -> dict[str, dict]:
    """What the engine might say, by path."""
    cost = {"macs": 4_000_000, "params": 1000}
    sums = {"kept": cost | {"ms": kept_ms}, "without": cost | {"macs": 8_000_000, "ms": 2.0}}
    pixel = {"inputs": 24, "filters": 4, "row": 1, "column": 2, "channel": 3}
    ways = ("direct", "bottleneck", "stacked", "asymmetric")
    return {
        "inception": {"large": sums | {"times": {"macs": 2.0, "ms": 2.0 / kept_ms}}},
        "inception/pixel": pixel
        | {"positive": 1.0, "negative": -1.0, "bias": total, "total": total, "value": 0.0},
        "inception/cost": {"ways": [{"way": way, **cost, "ms": 1.0} for way in ways]},
        "inception/nine": {
            "kept": cost,
            "without": cost,
            "times": cost,
            "followed": [{"title": "N", "year": 2016, "found": found, "convolutions": 94}],
        },
    }


@pytest.mark.parametrize(
    ("kept_ms", "total", "found", "wanted"),
    [
        (1.0, 0.5, 34, ("1 ms against 2 ms", "lets it pass", "does not hold")),
        (3.0, -0.5, 0, ("save no time here", "makes 0 of it", "were given up, as the notes say")),
    ],
)
def test_the_sentence_follows_the_measurement(
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    kept_ms: float,
    total: float,
    found: int,
    wanted: tuple[str, ...],
) -> None:
    from pages.ui import result

    known = answers(kept_ms, total, found)
    monkeypatch.setattr(result, "ask", lambda path, *_, **__: Answer(known[path]))
    app = open_page(PATH)
    for each in wanted:
        assert any(each in element.value for element in app.markdown), each
