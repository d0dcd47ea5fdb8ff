"""Curves over the qualities: each point a real file that two networks have looked at."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from engine.detection.coco import COCO_CLASSES
from engine.detection.nanodet.finding import see
from engine.detection.nanodet.weights import load_nanodet
from engine.device import choose_device
from engine.pictures import picture_store, sample
from engine.serving.classify.compute import classify_picture
from engine.serving.png_jpeg import curves
from engine.serving.png_jpeg.curves import Heard, Point, listen
from pages.ui.engine import Answer
from tests.pages.conftest import OpenPage

CAT = sample("chelsea").pixels


@pytest.fixture
def small() -> str:
    return picture_store().put(CAT)


def whole(ask: Callable, picture: str) -> tuple[dict[str, np.ndarray], dict]:
    while True:
        arrays, about = ask("png-jpeg/curves", picture=picture)
        if not about.get("unfinished"):
            return arrays, about


def test_each_point_is_a_file_and_what_is_heard_of_it(
    ask: Callable, small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curves, "FIRST", (5, 50))
    arrays, about = whole(ask, small)
    original = listen(CAT)
    for form, options in (("jpeg", {"subsampling": "4:2:0"}), ("webp", {"method": 2})):
        assert arrays[f"{form}_quality"].tolist() == [5, 50]
        for k, quality in enumerate((5, 50)):
            data = io.BytesIO()
            Image.fromarray(CAT).save(data, form.upper(), quality=quality, **options)
            assert arrays[f"{form}_bytes"][k] == len(data.getvalue())
            with Image.open(data) as image:
                back = np.array(image.convert("RGB"))
            labels = classify_picture(back, "mobilenet_v2", 1000).labels
            prob = next(each.prob for each in labels if each.index == original.label)
            assert arrays[f"{form}_prob"][k] == pytest.approx(prob, abs=1e-4)
            cells = see(load_nanodet(choose_device()), [back])[0].cells
            score = float(cells.scores[:, original.thing].max())
            assert arrays[f"{form}_score"][k] == pytest.approx(score, abs=1e-4)
    assert about["thing"] == COCO_CLASSES[original.thing] == "cat"
    assert about["prob"] == pytest.approx(original.prob, abs=1e-4)


def heard(label: int, thing: int = 15, score: float = 0.8) -> Heard:
    return Heard(label, 0.5, thing, score)


def point(said: Heard) -> Point:
    return Point(1000, 30.0, 0.9, said)


def test_the_change_is_the_highest_quality_with_another_answer() -> None:
    points = [(1, point(heard(7))), (5, point(heard(285, score=0.3))), (10, point(heard(285)))]
    told = curves._said(heard(285), {"jpeg": points, "webp": points[2:]}, "en")
    assert told["class_changes"]["jpeg"]["quality"] == 1
    assert told["class_changes"]["webp"] is None
    assert told["thing_changes"]["jpeg"] == {"quality": 5, "answer": "cat", "score": 0.3}
    unsure = curves._said(heard(285, score=0.1), {"jpeg": points}, "ko")
    assert unsure["thing"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, "JPEG: the same answer at every quality tried"),
        ({"quality": 5, "answer": "dog", "score": 0.6}, "another answer at quality 5 (“dog”)"),
        ({"quality": 5, "answer": "cat", "score": 0.2}, "no longer sure of it"),
    ],
)
def test_the_sentence_says_what_changed(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, change: dict | None, said: str
) -> None:
    from pages.ui import result

    asked = result.ask
    told = {"class": None, "thing": "cat", "score": 0.7, "sure": 0.4}
    found = Answer(told | {"thing_changes": {"jpeg": change}, "class_changes": {}})
    monkeypatch.setattr(
        result, "ask", lambda path, *a, **k: found if "curves" in path else asked(path, *a, **k)
    )
    app = open_page("images/png_jpeg")
    assert any(said in each.value for each in app.markdown)


def test_a_network_that_is_not_there_takes_nothing_else_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from engine.errors import InputError
    from engine.serving.classify import compute

    def missing(*_: object) -> None:
        raise InputError("value_not_a_choice", name="x", choices="y", value="z")

    monkeypatch.setattr(compute, "classify_picture", missing)
    said = listen(CAT)
    assert said.label is None
    assert said.score > 0.4
    told = curves._said(said, {"jpeg": [(1, point(said))]}, "en")
    assert told["class"] is None
