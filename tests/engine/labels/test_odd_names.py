"""Names that mislead: photos called as lists are, names in quotes, names of another format."""

import unicodedata

import pytest

from engine.errors import InputError
from engine.labels.formats import read_labels
from engine.labels.model import Photo
from tests.engine.labels.test_traps import (
    KITTI,
    PHOTO,
    annotated,
    coco,
    voc,
    voc_object,
)


@pytest.mark.parametrize("stem", ["test", "train", "notes", "classes", "readme"])
@pytest.mark.parametrize("line", ["0 0.5 0.5 0.1 0.1", KITTI])
def test_a_photo_may_be_called_as_a_list_of_photos_is(stem: str, line: str) -> None:
    files = {
        f"labels/{stem}.txt": line.encode(),
        "data.yaml": b"names: [cat]",
        "train.txt": b"images/train.jpg\n",
        "README.dataset.txt": b"Cars, seen from the road by us all\n",
    }
    (photo,) = read_labels(files, [Photo(f"{stem}.jpg", (100, 200))]).photos
    assert len(photo.boxes) == 1


def test_a_name_that_macos_took_apart_is_the_same_name() -> None:
    apart = [Photo(unicodedata.normalize("NFD", "고양이é.jpg"), (100, 200))]
    together = {"고양이é.txt": KITTI.encode()}
    images = [{"id": 1, "file_name": "고양이é.jpg", "width": 200, "height": 100}]
    for files in (together, coco(images=images)):
        assert len(read_labels(files, apart).photos[0].boxes) == 1


def test_files_of_another_format_are_not_passed_over_in_silence() -> None:
    files = coco() | voc(voc_object(1, 2, 3, 4)) | {"a.txt": KITTI.encode()}
    assert [note.params["count"] for note in read_labels(files, [PHOTO]).notes] == [2]
    assert not read_labels(coco() | {"README.txt": b"hello"}, [PHOTO]).notes


@pytest.mark.parametrize("text", ["names: [{}]\n", "names:\n  0: {}\n", "names:\n- {}\n"])
@pytest.mark.parametrize(
    ("written", "name"),
    [("'it''s'", "it's"), ("'a, b'", "a, b"), ("'a #b'", "a #b"), ('"a\\"b"', 'a"b')],
)
def test_yamls_quotes_are_read_as_yaml_has_them(text: str, written: str, name: str) -> None:
    files = {"a.txt": b"0 .5 .5 .1 .1", "data.yaml": text.format(written).encode()}
    assert read_labels(files, [PHOTO]).class_names == (name,)


def test_zero_as_text_is_no_crowd() -> None:
    (box,) = read_labels(annotated(iscrowd="0"), [PHOTO]).photos[0].boxes
    assert not box.crowd


@pytest.mark.parametrize(
    ("path", "text"), [("classes.txt", "a\nb"), ("data.yaml", "names: [a, b]")]
)
def test_names_that_come_without_boxes_are_taken(path: str, text: str) -> None:
    assert read_labels({path: text.encode()}, [PHOTO]).class_names == ("a", "b")


def test_a_name_without_its_ending_is_that_of_the_one_photo_that_has_it() -> None:
    photos = [PHOTO, Photo("b.jpg", (100, 200)), Photo("b.png", (100, 200))]
    named = {"a.xml": voc(voc_object(1, 2, 3, 4), name="a")["a.xml"]}
    assert [len(photo.boxes) for photo in read_labels(named, photos).photos] == [1, 0, 0]
    images = [{"id": 1, "file_name": "train/a", "width": 200, "height": 100}]
    assert len(read_labels(coco(images=images), photos).photos[0].boxes) == 1
    unclear = {"b.xml": voc(voc_object(1, 2, 3, 4), name="b")["a.xml"]}
    with pytest.raises(InputError, match="b"):
        read_labels(unclear, photos)


def test_whole_numbers_may_be_written_with_a_point() -> None:
    images = [{"id": 1.0, "file_name": "a.jpg", "width": 200.0, "height": 100.0}]
    entry = {"id": 1.0, "image_id": 1.0, "category_id": 0.0, "bbox": [1, 2, 3, 4]}
    assert len(read_labels(coco(images=images, annotations=[entry]), [PHOTO]).photos[0].boxes) == 1
    for wrong in (200.5, float("inf"), float("nan"), "200", True):
        images[0]["width"] = wrong
        with pytest.raises(InputError, match="width"):
            read_labels(coco(images=images), [PHOTO])
