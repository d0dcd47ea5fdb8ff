"""What the page Data sets is told."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]


def test_sets_come_with_the_best_up_to_the_year(ask: Ask) -> None:
    arrays, about = ask("datasets", year=2012, chosen="imagenet")
    assert [each["pictures"] for each in about["sets"]] == arrays["pictures"].tolist()
    assert about["best"]["percent"] == 16.4
    assert about["first"]["year"] == 2010
    assert about["results"]["coco"]["lower"] is False
    _, about = ask("datasets", year=2000, chosen="coco")
    assert (about["best"], about["first"], about["count"]) == (None, None, 0)


def test_a_picture_lies_in_the_tree(ask: Ask, api: TestClient) -> None:
    arrays, about = ask("datasets/tree", picture="chelsea", sure=51)
    sums, parents = arrays["sums"], arrays["parents"]
    assert sums[0] == pytest.approx(1, abs=1e-5)
    below = np.zeros_like(sums)
    np.add.at(below, parents[1:], sums[1:])
    inner = np.unique(parents[1:])
    np.testing.assert_allclose(below[inner], sums[inner], atol=1e-9)
    answer = about["answer"]
    assert sums[answer] >= 0.51
    assert not (sums[parents == answer] >= 0.51).any()
    # what Classify says of the same picture
    seen = api.get("/api/v1/classify/labels", params={"picture": "chelsea", "top": 1}).json()
    assert about["terms"][about["likeliest"]]["index"] == seen["labels"][0]["index"]
    assert sums[about["likeliest"]] == pytest.approx(seen["labels"][0]["prob"], rel=1e-5)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("datasets", {"year": 1900}),
        ("datasets", {"chosen": "../etc"}),
        ("datasets/tree", {"sure": "nan"}),
        ("datasets/tree", {"sure": 50}),
        ("datasets/tree", {"term": "n1"}),
        ("datasets/tree", {"breadth": "weight"}),
    ],
)
def test_what_is_not_there_is_a_sentence(api: TestClient, path: str, values: dict) -> None:
    answer = api.get(f"/api/v1/{path}", params=values)
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) > 20


FORMS = ("voc", "coco", "yolo", "kitti")


@pytest.fixture(scope="module")
def labelled() -> dict[str, dict]:
    """What the first question was answered with, kept for all."""
    return {}


@pytest.mark.parametrize("form", FORMS)
def test_every_file_that_is_given_is_read_as_the_same_labels(
    ask: Ask, labelled: dict, form: str
) -> None:
    first = labelled.setdefault("about", ask("datasets/formats", picture="chelsea")[1])
    assert first["labels"] == ["cat"]
    text = first["files"][form]
    arrays, again = ask("datasets/formats", picture="chelsea", form=form, text=text, classes="cat")
    assert again["labels"] == ["cat"]
    np.testing.assert_allclose(again["boxes"], first["boxes"], atol=1e-5)
    if form != "yolo":  # whose shares are rounded, far below a pixel
        assert again["files"] == first["files"]
    assert arrays["pixels"].shape[1] <= 640
    assert again["misread"]["yolo_corner"][0]["iou"] < 0.26  # its part within the picture


def test_where_nothing_is_found_the_box_is_said_to_be_nobodys(ask: Ask, api: TestClient) -> None:
    file = io.BytesIO()
    Image.new("RGB", (80, 40), (120, 120, 120)).save(file, "PNG")
    sent = api.post("/api/v1/pictures", files={"file": ("grey.png", file.getvalue(), "image/png")})
    arrays, about = ask("datasets/formats", picture=sent.json()["token"])
    assert (about["source"], about["labels"]) == ("middle", ["thing"])
    assert about["boxes"] == [[20, 10, 60, 30]]
    assert arrays["pixels"].shape == (40, 80, 3)
    assert ask("datasets/formats", picture="chelsea")[1]["source"] == "detector"


def test_an_edit_in_one_file_changes_the_others(ask: Ask) -> None:
    line = "0 0.5 0.5 0.5 0.5\n"
    arrays, about = ask(
        "datasets/formats", picture="chelsea", form="yolo", text=line, classes="dog"
    )
    height, width = arrays["pixels"].shape[:2]
    assert about["boxes"] == [[width / 4, height / 4, width * 3 / 4, height * 3 / 4]]
    assert "<name>dog</name>" in about["files"]["voc"]
    assert about["files"]["kitti"].startswith("dog ")
    _, about = ask("datasets/formats", picture="chelsea", form="yolo", text="", classes="dog")
    assert about["boxes"] == []


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("yolo", "7 0.5 0.5 0.5 0.5"),
        ("yolo", "0 100 100 50 50"),
        ("yolo", "0 nan 0.5 0.5 0.5"),
        ("coco", "{"),
        ("coco", "[1e999]"),
        ("voc", "<annotation>"),
        ("voc", '<!DOCTYPE a [<!ENTITY x "y">]><annotation/>'),
        ("kitti", "cat 0 0"),
        ("kitti", "x" * 7000),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(api: TestClient, form: str, text: str) -> None:
    params = {"picture": "chelsea", "form": form, "text": text, "classes": "cat"}
    answer = api.get("/api/v1/datasets/formats", params=params)
    assert answer.status_code == 422, answer.text
    assert len(answer.json()["detail"]) > 20
