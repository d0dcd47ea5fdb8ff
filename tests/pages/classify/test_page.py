"""Classify, in both languages: the answer in words, hostile links, networks not at hand."""

import math
import re

import pytest

from tests.pages.conftest import OpenPage

PATH = "images/classify"


@pytest.mark.parametrize(("lang", "says"), [("en", "says **espresso**"), ("ko", "**espresso**")])
def test_the_answer_stands_in_words(open_page: OpenPage, lang: str, says: str) -> None:
    app = open_page(PATH, lang, pic="coffee")
    assert any(says in element.value for element in app.markdown)
    assert app.selectbox(key="model").value == "mobilenet_v2"


def test_the_list_holds_every_classifier_and_begins_with_what_is_at_hand(
    open_page: OpenPage,
) -> None:
    from torchvision import models

    options = open_page(PATH).selectbox(key="model").options
    assert len(options) == len(models.list_models(module=models))
    assert options[0].startswith("MobileNetV2 · 3.5 M parameters · top-1 accuracy 71.9 %")


def test_a_network_that_is_not_at_hand_is_offered_and_the_old_one_answers(
    open_page: OpenPage,
) -> None:
    app = open_page(PATH, model="resnet18")
    assert app.selectbox(key="model").value == "resnet18"
    assert "ResNet-18 is not on this computer yet" in app.info[0].value
    assert any("MobileNetV2 says" in element.value for element in app.markdown)
    assert app.button(key="network_get").label == "Download ResNet-18"


def test_the_choice_outlives_a_visit_to_another_page(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.selectbox(key="model").select("resnet18").run()
    app.switch_page("images/pixels/page.py").run()
    app.switch_page(f"{PATH}/page.py").run()
    assert not app.exception
    assert app.selectbox(key="model").value == "resnet18"


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    wrong = {"model": "../../etc/passwd", "method": "rm", "removed": "1e99", "rank": "9" * 50}
    app = open_page(PATH, **wrong)
    assert app.selectbox(key="model").value == "mobilenet_v2"
    values = app.session_state["classify_state"]["values"]
    assert values == {"opacity": 45, "method": "grad_cam", "removed": 0, "rank": "1"}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_opens_on_a_picture_that_shows_the_claim(open_page: OpenPage, lang: str) -> None:
    app = open_page(PATH, lang)
    assert any("**tripod**" in element.value for element in app.markdown)
    assert "pic" not in app.query_params


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_softmax_is_reckoned_out_with_the_numbers_of_this_picture(
    open_page: OpenPage, lang: str
) -> None:
    app = open_page(PATH, lang, pic="coffee")
    (text,) = (e.value for e in app.markdown if "eᶻ / Σ eᶻ" in e.value)
    less, percent = map(float, re.findall(r"e\^\(−([\d.]+)\) = \*\*([\d.]+) %", text)[0])
    assert 100 * math.exp(-less) == pytest.approx(percent, abs=0.6)  # two decimals of a logit
    logit, log_sum = map(float, re.findall(r"p = e\^([\d.]+) / e\^([\d.]+)", text)[0])
    assert log_sum - logit == pytest.approx(less, abs=0.011)
    for number in ("71.9 %", "90.3 %", f"{percent} %"):
        assert number in text


@pytest.mark.parametrize(("lang", "says"), [("en", "the network is in doubt"), ("ko", "확신하지")])
def test_doubt_is_said_where_the_best_is_below_a_fifth(
    open_page: OpenPage, lang: str, says: str
) -> None:
    for picture, doubtful in (("astronaut", True), ("coffee", False)):
        app = open_page(PATH, lang, pic=picture)
        assert any(says in element.value for element in app.markdown) is doubtful


def test_a_suggestion_starts_from_the_first_state(open_page: OpenPage) -> None:
    app = open_page(PATH)
    for name in ("blank", "second", "occlusion"):
        app.button(key=f"classify_try_{name}").click().run()
    values = app.session_state["classify_state"]["values"]
    assert values == {"opacity": 45, "method": "occlusion", "removed": 0, "rank": "1"}


def test_try_this_sets_the_stage(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="classify_try_blank").click().run()
    assert not app.exception
    assert app.session_state["classify_state"]["values"]["removed"] == 30


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_download_that_fails_says_why_and_the_page_stays_up(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    import urllib.request

    def no_network(*_: object, **__: object) -> None:
        raise OSError("no network in this test")

    monkeypatch.setattr(urllib.request, "urlopen", no_network)
    monkeypatch.setattr(urllib.request.OpenerDirector, "open", no_network)
    app = open_page(PATH, lang, model="squeezenet1_1")
    app.button(key="network_get").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert "squeezenet1_1" in app.error[0].value
    assert not app.get("progress")
    app.run()  # as the reader goes on, nothing begins again by itself
    assert [each.value for each in app.error] == [app.error[0].value]
    assert not app.get("progress")
    assert app.button(key="network_get")
    assert any("MobileNetV2" in element.value for element in app.markdown)
