"""The learner's photo through three tasks: each answer is that of the engine's own function."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torchvision.ops import nms

from engine.pictures import resolve
from engine.segment.segmenter import Settings
from engine.segment.segmenters import segment
from engine.serving.raw_boxes import raw_boxes_now
from engine.serving.segmentation_types.photo_route import DETECTOR, IOU

PATH = "segmentation-types/photo"


def test_three_tasks_on_one_picture(ask: Callable) -> None:
    arrays, about = ask(PATH, picture="coffee")
    picture = resolve("coffee")
    assert about["classes"][0]["name"] == "espresso"
    assert about["classes"][0]["prob"] > 0.95
    raw = raw_boxes_now(picture, DETECTOR).found
    kept = torch.cat([
        (raw.labels == label).nonzero()[:, 0][
            nms(raw.boxes[raw.labels == label], raw.scores[raw.labels == label], IOU)
        ]
        for label in raw.labels.unique()
    ]).sort().values  # fmt: skip
    np.testing.assert_array_equal(arrays["boxes"], raw.boxes[kept].numpy())
    np.testing.assert_array_equal(arrays["scores"], raw.scores[kept].numpy())
    whole = segment("grabcut", picture.pixels, Settings())
    assert [each["class"] for each in about["segments"]] == ["espresso"]
    assert about["share"] == np.mean(arrays["ids"] > 0)
    assert abs(about["share"] - whole.covered) < 0.01  # the same on the picture's own size


@pytest.mark.parametrize(("name", "unsure"), [("chelsea", False), ("astronaut", True)])
def test_all_tasks_name_one_class_with_one_probability(
    ask: Callable, name: str, unsure: bool
) -> None:
    _, about = ask(PATH, picture=name)
    _, cut = ask("segment/reading", picture=name)
    best = about["classes"][0]
    assert about["segments"][0]["class"] == cut["cut"]["class"] == best["name"]
    assert about["segments"][0]["score"] == pytest.approx(best["prob"], abs=1e-4)
    assert cut["cut"]["prob"] == pytest.approx(best["prob"], abs=1e-4)
    assert about["unsure"] is cut["cut"]["unsure"] is unsure is (best["prob"] < 0.2)


def test_things_are_cut_apart_in_the_boxes_that_are_detected(ask: Callable) -> None:
    arrays, about = ask(PATH, picture="motorcycle", cut_by="boxes")
    found = arrays["scores"] >= 0.4
    names = [about["names"][label] for label in arrays["labels"][found]]
    assert "motorcycle" in names
    assert about["kind"] == "instance"
    assert [each["class"] for each in about["segments"]] == names
    assert set(np.unique(arrays["ids"])) == set(range(len(names) + 1))


def test_what_there_is_not_is_refused_by_a_sentence(api: TestClient) -> None:
    for params in ({"picture": "nobody"}, {"picture": "coffee", "cut_by": "scissors"}):
        response = api.get(f"/api/v1/{PATH}", params=params)
        assert 400 <= response.status_code < 500
        assert response.json()["detail"].endswith(".")
