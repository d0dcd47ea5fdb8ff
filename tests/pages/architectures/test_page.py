"""The page Architectures, in both languages, with its presets and sentences."""

import pytest

from engine.progress import Progress
from pages.ui.engine import Answer
from tests.pages.conftest import OpenPage

PATH = "convolution/architectures"


@pytest.mark.parametrize(
    ("lang", "title", "says"),
    [
        (
            "en",
            "What did each great network",
            "**Xception has fewer parameters than Inception v3**",
        ),
        ("ko", "유명한 신경망들은", "**Xception: 매개변수는 Inception v3보다 적지만**"),
    ],
)
def test_the_page_asks_and_says_what_was_counted(
    open_page: OpenPage, lang: str, title: str, says: str
) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    said = [element.value for element in app.markdown]
    assert any(each.startswith(says) and "8.36" in each and "22.9" in each for each in said)
    assert any("MNASNet" in each or "MobileNet" in each or "ShuffleNet" in each for each in said)


def test_presets_change_what_their_names_say(open_page: OpenPage) -> None:
    app = open_page(PATH, along="7")
    app.button(key="architectures_try_dense").click().run()
    assert not app.exception
    values = app.session_state["architectures_state"]["values"]
    assert values == {"first": "vgg16", "second": "resnet50", "along": 71, "measure": "params"}
    assert any("**VGG-16's weight lies" in element.value for element in app.markdown)
    app.button(key="architectures_skips_try_batch").click().run()
    assert app.session_state["architectures_skips_state"]["values"]["norm"] == "batch"
    app.button(key="architectures_chart_try_params").click().run()
    assert app.session_state["architectures_chart_state"]["values"]["x"] == "params"


@pytest.mark.parametrize(
    ("plain", "skipping", "wanted"),
    [
        ("vanishes", "holds", "whatever F does"),
        ("holds", "explodes", "normalise within each block"),
        ("holds", "holds", "change little"),
        ("explodes", "holds", "not as the textbook says"),
    ],
)
def test_the_sentence_follows_the_gradients(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, plain: str, skipping: str, wanted: str
) -> None:
    from pages.ui import result

    told = {"verdicts": {"plain": plain, "skipping": skipping}}
    told |= {"ratios": {"plain": 1.5e-9, "skipping": None}}

    def ask(path: str, *_: object, **__: object) -> Answer | Progress:
        return Answer(told) if path == "architectures/skips" else Progress(0, 1)

    monkeypatch.setattr(result, "ask", ask)
    app = open_page(PATH)
    assert any(wanted in element.value for element in app.markdown)
