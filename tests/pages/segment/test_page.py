"""The Segment page, in both languages, with legal and hostile links."""

import urllib.request

import pytest

from engine.pictures import sample
from engine.segment.segmenter import Settings
from engine.segment.segmenters import segment
from engine.serving.marks_contract import FIRST_BOX
from engine.serving.segmentations import read_now
from tests.pages.conftest import OpenPage

PATH = "segmentation/segment"
ABSENT = "fcn_resnet50"


@pytest.mark.parametrize(
    ("lang", "title", "start"),
    [
        ("en", "Can a network cut", "MobileNetV2 takes"),
        ("ko", "윤곽을 한 번도", "MobileNetV2는"),
    ],
)
def test_the_page_asks_and_answers_in_words(
    open_page: OpenPage, lang: str, title: str, start: str
) -> None:
    read_now(sample("chelsea"), "grabcut", Settings(seed=0.4))
    app = open_page(PATH, lang, seed="0.4")
    assert app.title[0].value.startswith(title)
    (told,) = [element.value for element in app.markdown if element.value.startswith(start)]
    assert "Egyptian cat" in told
    small = read_now(sample("chelsea"), "grabcut", Settings(seed=0.4)).reading.answer
    assert f"{small.covered:.1%}" in told


def test_a_class_below_20_percent_is_said_with_doubt(open_page: OpenPage) -> None:
    read_now(sample("astronaut"), "grabcut", Settings())
    app = open_page(PATH, pic="astronaut", seed="0.2")
    (told,) = [e.value for e in app.markdown if e.value.startswith("MobileNetV2 is in doubt")]
    assert "at 19.3% only" in told


def test_superpixels_are_counted_and_have_no_name(open_page: OpenPage) -> None:
    app = open_page(PATH, method="felzenszwalb", scale="400")
    count = len(segment("felzenszwalb", sample("chelsea").pixels, Settings(scale=400)).to_dicts())
    told = [element.value for element in app.markdown if element.value.startswith("**Felzen")]
    assert len(told) == 1
    assert f" {count} pieces" in told[0]


def test_the_panoptic_net_says_what_it_knows(open_page: OpenPage) -> None:
    found = read_now(sample("chelsea"), "panoptic", Settings()).reading.answer
    app = open_page(PATH, method="panoptic")
    (told,) = [element.value for element in app.markdown if element.value.startswith("**Panoptic")]
    assert f" {len(found.to_dicts())} segments. It knows drawn scenes only" in told


def test_hostile_links_fall_back(open_page: OpenPage) -> None:
    app = open_page(
        PATH, opacity="101", method="<b>", step="-1", seed="nan", pieces="1e9", compactness="0",
        scale="x", least="2", lines="maybe",
    )  # fmt: skip
    assert app.session_state["segment_state"]["values"] == {
        "opacity": 55, "method": "grabcut", "step": 6, "seed": 0.2, "pieces": 150,
        "compactness": 20, "scale": 100, "least": 0.5, "lines": True,
        "drawn": FIRST_BOX,
    }  # fmt: skip


def test_try_this_sets_the_stage_and_its_picture(open_page: OpenPage) -> None:
    app = open_page(PATH)
    app.button(key="segment_try_narrow").click().run()
    assert not app.exception
    assert app.session_state["segment_state"]["values"]["seed"] == 0.6
    assert app.session_state["picture_ref"] == "coffee"


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_an_absent_network_is_offered_and_a_failed_download_says_why(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    from engine.nets import weights

    def no_network(*_: object, **__: object) -> None:
        raise OSError("no network in this test")

    find = weights.find_weights
    there = lambda w: None if ABSENT in w.url else find(w)  # noqa: E731
    monkeypatch.setattr(weights, "find_weights", there)
    monkeypatch.setattr(urllib.request, "urlopen", no_network)
    app = open_page(PATH, lang, method=ABSENT)
    assert "135 MB" in app.info[0].value
    app.button(key=f"{ABSENT}_get").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert "fcn_resnet50_coco" in app.error[0].value
