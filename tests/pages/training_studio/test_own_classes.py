"""Loose pictures put into classes: the zip that is made of them, and the way to it on the page."""

import pytest

from engine.data.own_pictures import read_own_pictures
from engine.serving.training import readers, workers
from pages.ui import own_classes
from pages.ui.own_classes import Gathered, add, folder_name, zip_of
from tests.engine.data.conftest import png
from tests.pages.conftest import OpenPage

PATH = "training/training_studio"


def test_what_was_gathered_is_read_as_the_same_classes():
    gathered: Gathered = {}
    for name, colour in (("고양이", (250, 10, 20)), ("a/b", (10, 20, 250))):
        same = [("shot.png", png(colour)), ("shot.png", png(colour)), ("", png(colour))]
        assert add(gathered, folder_name(name), same)
    read = read_own_pictures(zip_of(gathered), (16, 16))
    assert dict(read.report.kept) == {"고양이": 3, "a-b": 3}
    assert read.report.refused_count == 0
    cats = read.data.classes.index("고양이")
    assert (read.data.images[read.data.targets == cats][..., 0] > 200).all()


@pytest.mark.parametrize(
    ("text", "name"),
    [("../../etc", "etc"), ("  ", ""), ("..", ""), ("C:\\x\n", "C-x"), ("k" * 99, "k" * 40)],
)
def test_a_classs_name_leads_nowhere(text: str, name: str):
    assert folder_name(text) == name


def test_too_much_is_refused_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(own_classes, "MOST_BYTES", 10)
    gathered: Gathered = {"a": [("1", b"12345")]}
    assert not add(gathered, "b", [("1", b"123"), ("2", b"456")])
    assert gathered == {"a": [("1", b"12345")]}
    assert add(gathered, "b", [("1", b"12345")])


@pytest.mark.parametrize(
    ("lang", "add_it", "use"),
    [
        ("en", "Put into this class", "Use these pictures"),
        ("ko", "이 클래스에 넣기", "이 사진들 쓰기"),
    ],
)
def test_pictures_put_into_classes_become_a_set(
    open_page: OpenPage,
    tmp_path: object,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    add_it: str,
    use: str,
):
    monkeypatch.setenv("FOVEA_RUNS", str(tmp_path))
    workers.cache_clear()
    readers.cache_clear()
    app = open_page(PATH, lang)
    app.session_state["own_set_way"] = "loose"
    app.session_state["own_gathered"] = {
        name: [("x.png", png(colour))] * 2
        for name, colour in (("dark", (1, 2, 3)), ("bright", (250, 251, 252)))
    }
    app.run()
    assert not app.exception
    assert any(each.label == add_it and each.disabled for each in app.button)
    next(each for each in app.button if each.label == use).click().run()
    assert not app.exception
    assert len(app.session_state["own_set_token"]) == 22
    assert any("bright 2, dark 2" in each.value for each in app.text)
