"""The page Data sets and challenges, in both languages, with its presets and sentences."""

import pytest

from tests.pages.conftest import OpenPage

PATH = "images/datasets"


@pytest.mark.parametrize(
    ("lang", "title", "best", "place"),
    [
        ("en", "What do networks learn from", "fell from 28.2 %", "Sure at least 80 %"),
        ("ko", "신경망은 무엇으로 배우고", "28.2 %", "확신 80 % 이상"),
    ],
)
def test_the_page_says_what_is_published_and_what_is_measured(
    open_page: OpenPage, lang: str, title: str, best: str, place: str
) -> None:
    app = open_page(PATH, lang)
    assert app.title[0].value.startswith(title)
    said = [element.value for element in app.markdown]
    assert any(best in each and "2.25 %" in each for each in said)
    assert any(each.startswith(place) for each in said)


def test_sentences_follow_the_numbers(open_page: OpenPage) -> None:
    app = open_page(PATH, chosen="coco")

    def says(text: str) -> bool:
        return any(text in element.value for element in app.markdown)

    assert says("rose from 21.9 %")
    app.button(key="datasets_try_platform").click().run()
    assert says("is a platform, not one data set")
    app.button(key="datasets_try_before").click().run()
    assert says("25.8 %")
    assert says("1.1 times fewer mistakes")
    app.button(key="datasets_tree_try_certain").click().run()
    assert app.session_state["datasets_tree_state"]["values"]["sure"] == 99
    assert says("Sure at least 99 %, the network can say no more than")
    assert not app.exception


def test_a_set_without_a_result_that_early(open_page: OpenPage) -> None:
    app = open_page(PATH, chosen="cityscapes", year="2005")
    assert any("No result on Cityscapes" in element.value for element in app.markdown)
