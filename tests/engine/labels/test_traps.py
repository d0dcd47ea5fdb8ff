"""Label files as people have them: each format's traps, and what is wrong is named by its line."""

import json
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask

from engine.errors import InputError
from engine.labels.formats import read_labels
from engine.labels.model import MOST_BOXES, Labels, Photo
from engine.labels.rle import box_of_runs, decode_counts

PHOTO = Photo("a.jpg", (100, 200))
KITTI = "Car 0.00 0 -1.5 10 20 60.5 80 1.5 1.6 3.7 1.0 1.7 13.2 -1.6"


def coco(**changed: object) -> dict[str, bytes]:
    content = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 200, "height": 100}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 0, "bbox": [1, 2, 3, 4]}],
        "categories": [{"id": 0, "name": "cat"}, {"id": 90, "name": "dog"}],
    } | changed
    return {"labels.json": json.dumps(content, indent=1).encode()}


def annotated(**changed: object) -> dict[str, bytes]:
    entry = {"id": 1, "image_id": 1, "category_id": 0, "bbox": [1, 2, 3, 4]} | changed
    return coco(annotations=[entry])


def voc(inner: str = "", name: str = "a.jpg", size: str = "") -> dict[str, bytes]:
    text = f"<annotation>\n<filename>{name}</filename>\n{size}\n{inner}\n</annotation>"
    return {"a.xml": text.encode()}


def voc_object(x1: object, y1: object, x2: object, y2: object) -> str:
    return (
        "<object>\n<name>cat</name>\n<difficult>1</difficult><bndbox>\n"
        f"<xmin>{x1}</xmin><ymin>{y1}</ymin><xmax>{x2}</xmax><ymax>{y2}</ymax></bndbox></object>"
    )


def yolo(lines: str, names: bytes = b"cat\ndog\n") -> dict[str, bytes]:
    return {"labels/a.txt": lines.encode(), "classes.txt": names}


def letters(packed: Any) -> str:
    return packed["counts"].decode()


def only(labels: Labels) -> tuple[float, ...]:
    ((box,),) = (photo.boxes for photo in labels.photos)
    return box.corners


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("classes.txt", "cat\r\ndog\r\n"),
        ("data/obj.names", "cat\ndog"),
        ("data.yaml", "train: x\nnames: ['cat', \"dog\"]\nnc: 2\n"),
        ("data.yaml", "names:\n  0: cat # meows\n  1: dog\nnc: 2\n"),
        ("data.yaml", "names:\n- cat\n- dog\n"),
        ("data.yaml", "names: [\n  cat,\n  'dog',\n]\n"),
    ],
)
def test_yolos_names_come_from_any_of_its_files(path: str, names: str) -> None:
    files = {"labels/a.txt": b"1 0.5 0.5 0.1 0.2", path: names.encode()}
    read = read_labels(files, [PHOTO])
    assert read.class_names == ("cat", "dog")
    assert read.photos[0].boxes[0].label == "dog"
    assert only(read) == pytest.approx((90, 40, 110, 60))


def test_yolos_names_may_be_given_and_its_polygons_are_boxes() -> None:
    files = {"a.txt": b"0 0.1 0.1 0.5 0.2 0.3 0.9"}
    read = read_labels(files, [PHOTO], class_names=["cat"])
    assert only(read) == pytest.approx((20, 10, 100, 90))
    assert [note.key for note in read.notes] == ["labels_polygons"]


def test_kitti_has_fifteen_columns_and_a_sixteenth_in_results_alone() -> None:
    files = {"a.txt": f"{KITTI}\n{KITTI} 0.93\nDontCare -1 -1 -10 1 2 3 4 {'-1 ' * 7}".encode()}
    read = read_labels(files, [PHOTO])
    one, two, region = read.photos[0].boxes
    assert one == two
    assert one.corners == (10, 20, 60.5, 80)
    assert region.crowd
    assert [note.key for note in read.notes] == ["labels_scores"]


@pytest.mark.parametrize("first", [0, 1])
def test_category_ids_may_begin_anywhere(first: int) -> None:
    files = coco(
        categories=[{"id": first, "name": "cat"}, {"id": 90, "name": "dog"}],
        annotations=[{"id": 5, "image_id": 1, "category_id": first, "bbox": [1, 2, 3, 4]}],
    )
    read = read_labels(files, [PHOTO])
    assert (read.photos[0].boxes[0].label, only(read)) == ("cat", (1, 2, 4, 6))


def test_crowds_polygons_and_masks_are_their_boxes() -> None:
    polygon = read_labels(annotated(bbox=None, segmentation=[[5, 6, 50, 6, 50, 60]]), [PHOTO])
    assert only(polygon) == (5, 6, 50, 60)
    pixels = np.zeros((100, 200), np.uint8, order="F")
    pixels[30:50, 60:90] = 1
    packed = mask.encode(pixels)
    for counts in (letters(packed), [60 * 100 + 30, *[20, 80] * 29, 20, 11050]):
        shape = {"size": [100, 200], "counts": counts}
        read = read_labels(annotated(bbox=None, segmentation=shape, iscrowd=1), [PHOTO])
        assert only(read) == (60, 30, 90, 50)
        assert read.photos[0].boxes[0].crowd


@given(
    st.integers(1, 12).flatmap(
        lambda h: st.lists(st.lists(st.booleans(), min_size=h, max_size=h), min_size=1, max_size=12)
    )
)
@settings(max_examples=100, deadline=None)
def test_masks_decode_as_pycocotools_encodes_them(columns: list[list[bool]]) -> None:
    pixels = np.asfortranarray(np.array(columns, np.uint8).T)
    packed = mask.encode(pixels)
    runs = decode_counts(letters(packed))
    ones = np.concatenate([np.full(run, i % 2, np.uint8) for i, run in enumerate(runs)])
    np.testing.assert_array_equal(ones, pixels.ravel(order="F"))
    x, y, w, h = mask.toBbox(packed)
    found = box_of_runs(runs, pixels.shape)
    assert found == ((x, y, x + w, y + h) if pixels.any() else None)


def test_long_runs_decode_too() -> None:
    pixels = np.zeros((3000, 3000), np.uint8, order="F")
    pixels[100:2900, 5:2000] = 1
    packed = mask.encode(pixels)
    assert box_of_runs(decode_counts(letters(packed)), (3000, 3000)) == (
        5,
        100,
        2000,
        2900,
    )


@pytest.mark.parametrize(("first", "wanted"), [(1, (0, 1, 10, 20)), (0, (1, 2, 11, 21))])
def test_voc_counts_from_1_unless_told_otherwise(first: int, wanted: tuple) -> None:
    files = voc(voc_object(1, 2, 10, 20))
    read = read_labels(files, [PHOTO], first_pixel=first)
    assert only(read) == wanted
    assert read.photos[0].boxes[0].difficult


def test_boxes_over_the_edge_are_cut_and_that_is_said() -> None:
    read = read_labels(annotated(bbox=[-10, 50, 30, 100]), [PHOTO])
    assert only(read) == (0, 50, 20, 100)
    assert [note.key for note in read.notes] == ["labels_cut"]


def test_labels_of_some_other_photos_are_left_out_and_named() -> None:
    files = yolo("0 .5 .5 .1 .1") | {"labels/elsewhere.txt": b"0 .5 .5 .1 .1"}
    read = read_labels(files, [PHOTO])
    assert len(read.photos[0].boxes) == 1
    (note,) = read.notes
    assert note.params["name"] == "elsewhere.txt"


def test_a_byte_order_mark_is_no_fault() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        files = {"a.txt": f"{KITTI}\n".encode(encoding)}
        assert len(read_labels(files, [PHOTO], form="kitti").photos[0].boxes) == 1


WRONG = [
    (yolo("0 0.5 0.5 0.1 0.1\n0 0.5 0.5 0."), "labels/a.txt, line 2", "4 columns"),
    (yolo("0 0.5 0,5 0.1 0.1"), "labels/a.txt, line 1", "“0,5” in column 3"),
    (yolo("0 0.5 0.5 1_0 0.1"), "labels/a.txt, line 1", "“1_0”"),
    (yolo("\n\n5 0.5 0.5 0.1 0.1"), "labels/a.txt, line 3", "class number 5"),
    (yolo("-1 0.5 0.5 0.1 0.1"), "labels/a.txt, line 1", "class number -1"),
    (yolo("0 90 40 20 20"), "labels/a.txt, line 1", "pixels"),
    (yolo("0 0.5 0.5 0 0.1"), "labels/a.txt, line 1", "“cat” has no size"),
    (yolo("0 nan 0.5 0.1 0.1"), "labels/a.txt, line 1", "not finite"),
    (yolo("0 1.5 0.5 0.1 0.1"), "labels/a.txt, line 1", "outside the photo a.jpg"),
    ({"labels/a.txt": b"0 .5 .5 .1 .1"}, "labels/a.txt, line 1", "names are missing"),
    (yolo("0 .5 .5 .1 .1", b"caf\xe9\n"), "classes.txt, line 1", "UTF-8"),
    ({"b.txt": KITTI.encode()}, "b.txt, line 1", "not among the photos"),
    ({"a.txt": f"{KITTI}\n{KITTI[:-9]}".encode()}, "a.txt, line 2", "a box has 15"),
    ({"a.txt": f"{KITTI}\n\xff".encode("latin-1")}, "a.txt, line 2", "UTF-8"),
    ({"a.txt": KITTI.replace("60.5", "wide").encode()}, "a.txt, line 1", "“wide” in column 7"),
    ({"labels.json": coco()["labels.json"][:200]}, "labels.json, line", "JSON"),
    ({"labels.json": b"[" * 100_000}, "labels.json, line 1", "JSON"),
    ({"labels.json": b"[1, 2]"}, "labels.json, line 1", "images"),
    (coco(annotations=[7]), "labels.json, line 11", "annotations[0]"),
    (annotated(image_id=8), "labels.json, line 11", "id 8"),
    (annotated(category_id=8), "labels.json, line 11", "id 8"),
    (annotated(category_id="0"), "labels.json, line 11", "category_id"),
    (annotated(bbox=[1, 2, 3]), "labels.json, line 11", "numbers"),
    (annotated(bbox=[1, 2, "3", 4]), "labels.json, line 11", "numbers"),
    (annotated(bbox=[1, 2, 0, 4]), "labels.json, line 11", "“cat” has no size"),
    (annotated(bbox=[1, 2, float("inf"), 4]), "labels.json, line 11", "numbers"),
    (annotated(bbox=None), "labels.json, line 11", "bbox"),
    (
        annotated(bbox=None, segmentation={"size": [2, 2], "counts": [1, 1]}),
        "labels.json, line 11",
        "mask",
    ),
    (
        annotated(bbox=None, segmentation={"size": [2, 2], "counts": "~~~~~~~~~~~~"}),
        "labels.json, line 11",
        "mask",
    ),
    (coco(images=[{"id": 1, "file_name": "b.jpg", "width": 1, "height": 1}]), "line 3", "b.jpg"),
    (voc(name="b.jpg"), "a.xml, line 1", "“b.jpg”"),
    (voc("<object><name>cat</name></object>"), "a.xml, line 4", "<bndbox>"),
    (voc(voc_object(1, 2, "x", 4)), "a.xml, line 7", "“x” in <xmax>"),
    (voc(voc_object(9, 2, 3, 4)), "a.xml, line 4", "“cat” has no size"),
    (
        voc(size="<size><width>9</width><height>9</height></size>"),
        "a.xml, line 3",
        "9 × 9 pixels",
    ),
    ({"a.xml": voc()["a.xml"][:40]}, "a.xml, line 3", "XML"),
    ({"a.xml": b"<html></html>"}, "a.xml, line 1", "<annotation>"),
    ({"a.xml": b"<?xml version='1.0' encoding='euc-kr'?><annotation/>"}, "a.xml, line 1", "UTF-8"),
    ({"a.xml": b"<a>" * 50}, "a.xml, line 1", "XML"),
    (voc(voc_object(1, 2, "1_0", 4)), "a.xml, line 7", "“1_0” in <xmax>"),
    (coco(categories=[{"id": 0, "name": "a\nb"}]), "labels.json, line", "“a\\nb”"),
    (coco(categories=[{"id": 0, "name": "\ud800"}]), "labels.json, line", "not printed"),
    (yolo("", b"a\x00b"), "classes.txt, line 1", "UTF-8"),
    ({"a.txt": b"0 .5 .5 .1 .1", "data.yaml": b"names: [cat, dog"}, "data.yaml, line 1", "names"),
    (
        {"a.txt": b"0 .5 .5 .1 .1", "data.yaml": b"names:\n  " + b"9" * 5_000 + b": cat\n"},
        "data.yaml, line 2",
        "names",
    ),
]


@pytest.mark.parametrize(("files", "where", "what"), WRONG)
def test_what_is_wrong_is_named_with_its_file_and_line(
    files: dict[str, bytes], where: str, what: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_labels(files, [PHOTO])
    for said in (where, what):
        assert said in str(caught.value)
    assert caught.value.sentence("ko") != str(caught.value)


def test_ids_stand_once_in_a_file() -> None:
    entry = {"id": 1, "image_id": 1, "category_id": 0, "bbox": [1, 2, 3, 4]}
    with pytest.raises(InputError, match=r"line 22: the id 1 stands twice in annotations"):
        read_labels(coco(annotations=[entry, entry]), [PHOTO])


@pytest.mark.parametrize("declared", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_grow(declared: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>'
    with pytest.raises(InputError, match="line 2: a DOCTYPE"):
        read_labels({"a.xml": text.encode(declared)}, [PHOTO])


def test_a_hundred_thousand_boxes_are_refused_where_they_pass_the_limit() -> None:
    files = yolo("0 0.5 0.5 0.1 0.1\n" * 100_000)
    tracemalloc.start()
    with pytest.raises(InputError, match=rf"labels/a.txt, line {MOST_BOXES + 1}: .*{MOST_BOXES}"):
        read_labels(files, [PHOTO])
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()
