"""Four label formats: what each writes, what each reads, and that a round changes no edge."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO

from engine.errors import InputError
from engine.labels.formats import FORMS, Form, losses, read_labels, tell_format, write_labels
from engine.labels.model import Box, Labels, Photo, turn_upright
from engine.pictures.picture import note_sentence

SIZE = (480, 640)
CAT = Box((10.5, 20.25, 110, 220.5), "cat")
LIGHT = Box((0, 0, 640, 480), "traffic light", crowd=True, difficult=True)
PHOTOS = (Photo("one.jpg", SIZE, (CAT, LIGHT)), Photo("empty.png", (100, 50)))
LABELS = Labels(PHOTOS, ("dog", "cat", "traffic light"))
BARE = tuple(Photo(photo.name, photo.size) for photo in PHOTOS)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read_again(form: Form) -> None:
    files = write_labels(form, LABELS)
    assert tell_format(files, BARE) == form
    read = read_labels(files, BARE)
    assert [photo.name for photo in read.photos] == ["one.jpg", "empty.png"]
    assert read.photos[1].boxes == ()  # a photo without any box stays in
    for found, wanted in zip(read.photos[0].boxes, PHOTOS[0].boxes, strict=True):
        assert found.label.replace("_", " ") == wanted.label
        near = 0.5 if form == "voc" else 1e-4
        assert found.corners == pytest.approx(wanted.corners, abs=near)
    if form in ("yolo", "coco"):
        assert read.class_names == LABELS.class_names  # the unused one too, in order


def test_the_numbers_are_each_formats_own() -> None:
    yolo = write_labels("yolo", LABELS)
    words = yolo["labels/one.txt"].decode().splitlines()[0].split()
    assert words[0] == "1"
    x, y, w, h = map(float, words[1:])
    assert (x * 640, y * 480, w * 640, h * 480) == pytest.approx((60.25, 120.375, 99.5, 200.25))
    assert yolo["labels/empty.txt"] == b""
    assert yolo["classes.txt"] == b"dog\ncat\ntraffic light\n"
    kitti = write_labels("kitti", LABELS)["label_2/one.txt"].decode().splitlines()
    assert kitti[0].split()[0] == "cat"
    assert len(kitti[0].split()) == 15
    assert kitti[0].split()[4:8] == ["10.5", "20.25", "110", "220.5"]
    assert kitti[1].startswith("traffic_light ")
    coco = json.loads(write_labels("coco", LABELS)["annotations.json"])
    assert coco["annotations"][0]["bbox"] == [10.5, 20.25, 99.5, 200.25]
    assert [each["id"] for each in coco["categories"]] == [1, 2, 3]
    voc = write_labels("voc", LABELS)["Annotations/one.xml"].decode()
    assert "<xmin>12</xmin><ymin>21</ymin><xmax>110</xmax><ymax>221</ymax>" in voc
    assert "<xmin>1</xmin><ymin>1</ymin><xmax>640</xmax><ymax>480</ymax>" in voc


def test_coco_is_what_pycocotools_reads(tmp_path: Path) -> None:
    second = Photo("two.jpg", SIZE, (CAT, CAT))
    labels = Labels((*PHOTOS, second), LABELS.class_names)
    path = tmp_path / "annotations.json"
    path.write_bytes(write_labels("coco", labels)["annotations.json"])
    coco = COCO(path)
    assert len(coco.getAnnIds()) == len(set(coco.getAnnIds())) == 4
    by_name = {image["file_name"]: image for image in coco.loadImgs(coco.getImgIds())}
    assert by_name.keys() == {"one.jpg", "empty.png", "two.jpg"}
    assert (by_name["empty.png"]["height"], by_name["empty.png"]["width"]) == (100, 50)
    found = coco.loadAnns(coco.getAnnIds(imgIds=by_name["one.jpg"]["id"], iscrowd=True))
    assert [coco.loadCats(each["category_id"])[0]["name"] for each in found] == ["traffic light"]
    (x, y, w, h), area = found[0]["bbox"], found[0]["area"]
    assert (x, y, w, h, area) == (0, 0, 640, 480, 640 * 480)


EDGES = st.floats(0, 1, allow_nan=False)


@st.composite
def boxes(draw: st.DrawFn, size: tuple[int, int]) -> Box:
    """A box within the picture, a pixel at least on both sides."""
    corners = []
    for side in (size[1], size[0]):
        low = draw(EDGES) * (side - 1)
        corners.append((low, low + 1 + draw(EDGES) * (side - 1 - low)))
    (x1, x2), (y1, y2) = corners
    return Box((x1, y1, min(x2, size[1]), min(y2, size[0])), draw(st.sampled_from(["a", "b c"])))


@given(data=st.data(), order=st.permutations(FORMS))
@settings(max_examples=60, deadline=None)
def test_a_round_through_all_four_moves_no_edge_by_more_than_half_a_pixel(
    data: st.DataObject, order: list[Form]
) -> None:
    size = data.draw(st.tuples(st.integers(1, 5000), st.integers(1, 5000)))
    drawn = data.draw(st.lists(boxes(size), max_size=4))
    photo = Photo("a.jpg", size, tuple(drawn))
    labels = Labels((photo,), ("a", "b c"))
    for form in order:
        labels = read_labels(write_labels(form, labels), [Photo("a.jpg", size)])
    for before, after in zip(drawn, labels.photos[0].boxes, strict=True):
        moved = [abs(x - y) for x, y in zip(before.corners, after.corners, strict=True)]
        assert max(moved) <= 0.5 + 1e-3  # and what four decimals round before VOC does


def test_what_a_format_does_not_hold_is_said() -> None:
    said = {form: {note.key for note in losses(form, LABELS)} for form in FORMS}
    assert said["coco"] == set()
    assert said["yolo"] == {"labels_flags_lost"}
    assert said["kitti"] == {"labels_flags_lost", "labels_underscores"}
    assert said["voc"] == {"labels_flags_lost", "labels_rounded"}
    for form in FORMS:
        assert all(note_sentence(note, "ko") for note in losses(form, LABELS))


def test_names_that_a_format_cannot_tell_apart_are_refused() -> None:
    twins = Labels((Photo("a.jpg", SIZE), Photo("a.png", SIZE)), ())
    with pytest.raises(InputError, match="“a”"):
        write_labels("voc", twins)
    assert write_labels("coco", twins)
    with pytest.raises(InputError, match="a_b"):
        write_labels("kitti", Labels((), ("a b", "a_b")))
    with pytest.raises(InputError, match="endings alone"):
        read_labels({"classes.txt": b"x", "a.txt": b"0 .5 .5 .1 .1"}, twins.photos)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_of_stored_pixels_turn_as_pillow_turns_the_photo(orientation: int) -> None:
    from PIL import Image, ImageOps

    stored = Image.new("L", (40, 30))
    stored.paste(255, (5, 7, 20, 12))
    stored.getexif()[0x0112] = orientation
    upright = ImageOps.exif_transpose(stored)
    turned = turn_upright((5, 7, 20, 12), (upright.height, upright.width), orientation)
    assert turned == upright.getbbox()


def test_a_file_that_speaks_of_the_stored_pixels_is_turned_and_that_is_said() -> None:
    photo = Photo("p.jpg", (640, 480), orientation=6)
    coco = {
        "images": [{"id": 7, "file_name": "folder/p.jpg", "width": 640, "height": 480}],
        "annotations": [{"id": 1, "image_id": 7, "category_id": 0, "bbox": [0, 0, 100, 50]}],
        "categories": [{"id": 0, "name": "cat"}],
    }
    read = read_labels({"a.json": json.dumps(coco).encode()}, [photo])
    assert read.photos[0].boxes[0].corners == (430, 0, 480, 100)
    assert read.photos[0].size == (640, 480)
    assert [note.key for note in read.notes] == ["labels_turned"]
    upright = Photo("p.jpg", (640, 480))  # without a tag it is simply another size
    with pytest.raises(InputError, match="640 × 480 pixels"):
        read_labels({"a.json": json.dumps(coco).encode()}, [upright])
