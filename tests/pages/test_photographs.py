"""Twenty photographs that nobody chose for these pages: nothing is called found that its network
scores lower than it says, and a photo without anything known is told so."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import skimage
import sklearn.datasets
import torch
from PIL import Image
from starlette.testclient import TestClient
from torchvision import models

from engine.detection.coco import COCO_CLASSES
from engine.detection.nanodet.finding import Seen, see
from engine.detection.nanodet.weights import load_nanodet
from engine.nets import catalog
from engine.pictures import decode, picture_store
from engine.serving.detect.contract import Question
from tests.pages.conftest import OpenPage

OF_SKIMAGE = (
    "astronaut.png", "brick.png", "camera.png", "cell.png", "chelsea.png", "clock_motion.png",
    "coffee.png", "coins.png", "grass.png", "gravel.png", "hubble_deep_field.jpg", "ihc.png",
    "moon.png", "motorcycle_left.png", "page.png", "retina.jpg", "rocket.jpg", "text.png",
)  # fmt: skip
OF_SKLEARN = ("china.jpg", "flower.jpg")
FILES = {
    **{name: Path(skimage.__file__).parent / "data" / name for name in OF_SKIMAGE},
    **{name: Path(sklearn.datasets.__file__).parent / "images" / name for name in OF_SKLEARN},
}
DOUBT = 0.2  # of the best class; below it pages say that the network is in doubt


@cache
def token(name: str) -> str:
    decoded = decode(FILES[name].read_bytes())
    return picture_store().put(decoded.pixels, name, decoded.notes)


@cache
def seen(name: str) -> Seen:
    net = load_nanodet(torch.device("cpu"))
    return see(net, [decode(FILES[name].read_bytes()).pixels])[0]


@pytest.mark.parametrize("name", FILES)
def test_a_thing_is_found_where_its_cell_scores_so_and_nothing_is_left_out(
    api: TestClient, name: str
) -> None:
    least = Question().score
    answer = api.post(
        "/api/v1/detect",
        files={"file": (name, FILES[name].read_bytes())},
        data={"detector": "nanodet", "score": str(least)},
    )
    assert answer.status_code == 200, answer.text
    found = answer.json()["detections"]
    scores = seen(name).cells.scores  # (M, 80)
    for each in found:
        of_class = scores[:, COCO_CLASSES.index(each["label"])]
        assert each["score"] >= least
        assert (of_class - each["score"]).abs().min() < 1e-4
    best = float(scores.max())
    assert bool(found) == (best >= least)
    if found:
        assert found[0]["score"] == pytest.approx(best, abs=1e-4)


@cache
def best_of(name: str) -> tuple[str, float]:
    """Torchvision's own preparation and network."""
    weights = models.MobileNet_V2_Weights.IMAGENET1K_V1
    net = catalog.load("mobilenet_v2")
    upright = Image.fromarray(decode(FILES[name].read_bytes()).pixels)  # sRGB, as pages show it
    picture = weights.transforms()(upright)[None]
    with torch.no_grad():
        prob, label = net(picture)[0].softmax(0).max(0)
    return weights.meta["categories"][int(label)], float(prob)


@pytest.mark.parametrize("name", FILES)
def test_the_class_and_its_probability_are_the_networks(api: TestClient, name: str) -> None:
    asked = {"picture": token(name), "model": "mobilenet_v2", "top": 1}
    answer = api.get("/api/v1/classify/labels", params=asked)
    assert answer.status_code == 200, answer.text
    (told,), (wanted, prob) = answer.json()["labels"], best_of(name)
    assert told["prob"] == pytest.approx(prob, abs=0.06)  # of a copy that is looked at
    if prob > 0.5:
        assert told["name"] == wanted


DOUBTFUL, SURE = ("brick.png", "grass.png", "page.png"), "camera.png"


@pytest.mark.parametrize("name", [*DOUBTFUL, SURE])
def test_what_is_cut_out_in_doubt_is_said_to_be(ask: Callable, name: str) -> None:
    assert (best_of(name)[1] < DOUBT) == (name in DOUBTFUL)
    _, about = ask("segment/reading", picture=token(name))
    assert about["cut"]["unsure"] == (about["cut"]["prob"] < DOUBT) == (name in DOUBTFUL)


@pytest.mark.parametrize(
    ("lang", "in_doubt", "nothing"),
    [
        ("en", "the network is in doubt", "none of its eighty things"),
        ("ko", "확신하지", "아는 사물 80가지 중"),
    ],
)
def test_a_photo_without_anything_known_is_told_so_in_words(
    open_page: OpenPage, lang: str, in_doubt: str, nothing: str
) -> None:
    ref = token(DOUBTFUL[0])
    found = open_page("detection/detect", lang, pic=ref, right="none")
    assert any(nothing in each.value for each in found.markdown)
    classified = open_page("images/classify", lang, pic=ref)
    assert any(in_doubt in each.value for each in classified.markdown)


def test_kinds_of_segmentation_doubt_what_the_classifier_doubts(ask: Callable) -> None:
    arrays, about = ask("segmentation-types/photo", picture=token(DOUBTFUL[0]))
    assert about["unsure"]
    assert about["classes"][0]["prob"] < DOUBT
    assert (arrays["scores"][:-1] >= arrays["scores"][1:]).all()
