"""The shipped network on photographs; torchvision's NMS is the oracle for what is left."""

import cv2
import numpy as np
import pytest
import torch
from torchvision.ops import batched_nms, nms

from engine.detection.coco import COCO_CLASSES
from engine.detection.detections import Detections
from engine.detection.nanodet.finding import FLOOR, find_things, propose, see
from engine.detection.nanodet.net import NanoDet
from engine.detection.nanodet.weights import load_nanodet
from engine.errors import InputError
from engine.pictures import sample

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def net() -> NanoDet:
    return load_nanodet(CPU)


def best(found: Detections, name: str) -> float:
    """The best score of a class; 0 where there is none."""
    of_class = found.scores[found.labels == COCO_CLASSES.index(name)]
    return of_class[0].item() if len(of_class) else 0.0


def test_the_cameraman_is_a_person_and_lies_where_he_stands(net: NanoDet) -> None:
    found = find_things(net, [sample("camera").pixels])[0]
    assert found.to_dicts()[0]["label"] == "person"
    assert found.scores[0] > 0.8
    assert found.boxes[0].tolist() == pytest.approx([4, 68, 319, 512], abs=3)


@pytest.mark.parametrize("longest_px", [741, 4000])
def test_a_motorcycle_is_found_in_a_large_photo_as_in_a_small_one(
    net: NanoDet, longest_px: int
) -> None:
    pixels = sample("motorcycle").pixels  # scikit-image's stereo_motorcycle, the left one
    share = longest_px / pixels.shape[1]
    size = (longest_px, round(pixels.shape[0] * share))
    found = find_things(net, [cv2.resize(pixels, size)])[0]
    assert best(found, "motorcycle") > 0.7
    expected = [value * share for value in (101, 74, 687, 453)]
    assert found.boxes[0].tolist() == pytest.approx(expected, abs=5 * share)


def test_what_other_photos_show(net: NanoDet) -> None:
    names = ("astronaut", "chelsea", "coffee", "rocket")
    pictures = [sample(name).pixels for name in names]
    astronaut, chelsea, coffee, rocket = find_things(net, pictures, score=0.25)
    assert best(astronaut, "person") > 0.7
    assert chelsea.to_dicts()[0]["label"] == "cat"
    assert best(chelsea, "cat") > 0.5
    assert best(coffee, "dining table") > 0.45
    assert best(coffee, "cup") > 0.25
    assert len(rocket) == 0  # none of the eighty


def test_stretched_to_the_square_the_cat_becomes_a_person(net: NanoDet) -> None:
    cat, coffee = see(net, [sample("chelsea").pixels, sample("coffee").pixels], keep_shape=False)
    assert propose(cat).to_dicts()[0]["label"] == "person"
    assert propose(coffee).to_dicts()[0]["label"] == "cup"
    assert best(propose(coffee), "cup") > 0.5


def test_several_pictures_in_one_pass_are_answered_as_one_by_one(net: NanoDet) -> None:
    pictures = [sample(name).pixels for name in ("camera", "chelsea", "motorcycle")]
    for together, pixels in zip(see(net, pictures), pictures, strict=True):
        alone = see(net, [pixels])[0]
        torch.testing.assert_close(together.cells.scores, alone.cells.scores, rtol=0, atol=1e-5)
        torch.testing.assert_close(together.boxes(), alone.boxes(), rtol=0, atol=0.05)


def test_each_cell_that_scores_enough_proposes_its_box_for_its_best_class(net: NanoDet) -> None:
    seen = see(net, [sample("chelsea").pixels])[0]
    found = propose(seen)
    best_scores, best_labels = seen.cells.scores.max(dim=1)
    assert len(found) == int((best_scores >= FLOOR).sum())
    assert 140 < len(found) < 180  # of 3,549
    cell = int(best_scores.argmax())
    assert found.labels[0] == best_labels[cell]
    assert torch.equal(found.boxes[0], seen.boxes()[cell])


@pytest.mark.parametrize("iou", [0.3, 0.6, 1.0])
@pytest.mark.parametrize("name", ["astronaut", "flower"])
def test_what_is_left_is_what_torchvision_leaves(net: NanoDet, name: str, iou: float) -> None:
    pixels = sample(name).pixels
    raw = propose(see(net, [pixels])[0], 0.1)
    found = find_things(net, [pixels], 0.1, iou)[0]
    kept = batched_nms(raw.boxes.double(), raw.scores.double(), raw.labels, iou)
    assert torch.equal(found.boxes, raw.boxes[kept])
    assert torch.equal(found.labels, raw.labels[kept])
    agnostic = find_things(net, [pixels], 0.1, iou, agnostic=True)[0]
    assert torch.equal(agnostic.boxes, raw.boxes[nms(raw.boxes, raw.scores, iou)])


def test_whatever_the_class_of_two_boxes_on_one_thing_the_better_stays(net: NanoDet) -> None:
    pixels = sample("flower").pixels
    labels = [row["label"] for row in find_things(net, [pixels], 0.25)[0].to_dicts()]
    assert labels[:2] == ["cake", "person"]  # neither is one, and neither scores 0.4
    alone = find_things(net, [pixels], 0.25, agnostic=True)[0].to_dicts()
    assert "person" not in [row["label"] for row in alone]


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (700, 2), (37, 41), (416, 416)])
def test_pictures_of_any_size_have_their_boxes_inside(net: NanoDet, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    found = propose(see(net, [pixels])[0])
    height, width = size
    assert (found.boxes >= 0).all()
    assert (found.boxes <= torch.tensor([width, height, width, height])).all()
    assert (found.boxes[:, 2:] > found.boxes[:, :2]).all()


def test_read_only_pixels_stay_as_they_are(net: NanoDet) -> None:
    pixels = sample("camera").pixels
    assert not pixels.flags.writeable
    before = pixels.copy()
    find_things(net, [pixels])
    assert np.array_equal(pixels, before)


@pytest.mark.parametrize(("score", "iou"), [(1.5, 0.6), (float("nan"), 0.6), (0.4, -1)])
def test_thresholds_out_of_range_are_a_sentence(net: NanoDet, score: float, iou: float) -> None:
    with pytest.raises(InputError, match="0"):
        find_things(net, [np.zeros((8, 8, 3), np.uint8)], score, iou)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((4, 4), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(net: NanoDet, wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        see(net, [wrong])
