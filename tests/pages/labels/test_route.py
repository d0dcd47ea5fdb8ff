"""Label files in and out as a browser sends them, held against Pillow, pycocotools and torch."""

import hashlib
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps
from pycocotools.coco import COCO
from starlette.testclient import TestClient

from engine.labels import model
from engine.serving.binary import unpack
from engine.serving.labels import contract

FORMS = ("yolo", "kitti", "coco", "voc")
BOX = {"box": [3.25, 4.5, 20, 30.75], "label": "traffic light", "crowd": False, "difficult": True}


def photo(size: tuple[int, int] = (60, 40), orientation: int = 1, kind: str = "JPEG") -> bytes:
    width, height = size
    pixels = np.indices((height, width, 3)).sum(axis=0).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, exif=exif)
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def take(api: TestClient, files: dict[str, bytes], lang: str = "en", **data: str) -> Any:
    sent = [("files", (name, content)) for name, content in files.items()]
    headers = {"Accept-Language": lang}
    return api.post("/api/v1/labels/import", files=sent, data=data, headers=headers)


def taken(api: TestClient, files: dict[str, bytes], **data: str) -> tuple[bytes, dict]:
    answer = take(api, files, **data)
    assert answer.status_code == 200, answer.text
    arrays, about = unpack(answer.content, answer.headers["X-Arrays"])
    return arrays["bytes"].tobytes(), about


def row(name: str, data: bytes, boxes: list[dict], **changed: object) -> dict[str, Any]:
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    width, height = upright.size
    digest = hashlib.sha256(data).hexdigest()
    known = {"name": name, "digest": digest, "width": width, "height": height, "boxes": boxes}
    return known | changed


def given(api: TestClient, labels: dict, photos: list[bytes], **data: str) -> Any:
    sent = [("photos", (f"{n}.jpg", content)) for n, content in enumerate(photos)]
    return api.post(
        "/api/v1/labels/export", files=sent or None, data={"labels": json.dumps(labels), **data}
    )


@pytest.mark.parametrize("form", FORMS)
def test_what_goes_out_comes_in_again(api: TestClient, form: str) -> None:
    one, two = photo(), photo((50, 70), kind="PNG")
    labels = {
        "classes": ["cat", "traffic light"],
        "photos": [row("one.jpg", one, [BOX]), row("none.png", two, [])],
    }
    answer = given(api, labels, [one, two], form=form)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].endswith(f'"labels_{form}.zip"')
    content, about = taken(api, {"labels.zip": answer.content})
    found = {each["name"]: each for each in about["photos"]}
    assert found.keys() == {"one.jpg", "none.png"}
    assert found["none.png"]["boxes"] == []
    (box,) = found["one.jpg"]["boxes"]
    assert box["label"].replace("_", " ") == "traffic light"
    assert box["box"] == pytest.approx(BOX["box"], abs=0.5 if form == "voc" else 1e-4)
    assert box["difficult"] == (form in ("coco", "voc"))
    for name, data in {"one.jpg": one, "none.png": two}.items():
        each = found[name]
        assert content[each["from"] : each["to"]] == data  # without a tag: byte for byte
        assert each["digest"] == hashlib.sha256(data).hexdigest()


def test_the_file_to_keep_is_opened_again_as_it_was(api: TestClient) -> None:
    turned = photo(orientation=6)
    labels = {"classes": ["a", "b"], "photos": [row("t.jpg", turned, [BOX], orientation=6)]}
    answer = given(api, labels, [turned], form="coco", upright="false")
    content, about = taken(api, {"kept.zip": answer.content})
    assert content == turned
    assert about["photos"][0] | {"from": 0, "to": len(turned)} == about["photos"][0]
    assert about["photos"][0]["boxes"] == [BOX]
    assert about["photos"][0]["orientation"] == 6
    assert about["classes"] == ["a", "b", "traffic light"]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_go_out_upright_without_their_tag(api: TestClient, orientation: int) -> None:
    data = photo(orientation=orientation)
    labels = {"photos": [row("t.jpg", data, [BOX], orientation=orientation)]}
    answer = given(api, labels, [data], form="voc")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        file, said = archive.read("JPEGImages/t.jpg"), archive.read("about.md").decode()
    found, wanted = (
        Image.open(io.BytesIO(file)),
        ImageOps.exif_transpose(Image.open(io.BytesIO(data))),
    )
    assert found.getexif().get(0x0112) is None or orientation == 1
    assert found.size == wanted.size
    difference = np.abs(np.asarray(found, int) - np.asarray(wanted, int))
    assert difference.max() <= 4
    assert ("turned upright" in said) == (orientation != 1)
    assert ("byte for byte" in said) == (orientation == 1)


def test_the_size_of_a_turned_photo_is_the_upright_one(api: TestClient) -> None:
    files = {"t.jpg": photo((60, 40), 8), "t.txt": b"0 0.5 0.5 0.5 0.5", "classes.txt": b"x"}
    _, about = taken(api, files)
    (found,) = about["photos"]
    assert (found["width"], found["height"], found["orientation"]) == (40, 60, 8)
    assert found["boxes"][0]["box"] == [10, 15, 30, 45]


def test_labels_for_photos_that_the_browser_has(api: TestClient) -> None:
    data = photo()
    known = json.dumps({"classes": ["cat"], "photos": [row("one.jpg", data, [])]})
    content, about = taken(api, {"one.txt": b"0 .5 .5 .1 .1", "again.jpg": data}, known=known)
    assert content == b""
    assert about["photos"][0]["from"] is None
    assert about["photos"][0]["boxes"][0]["label"] == "cat"
    assert "same file as one.jpg" in about["notes"][0]


def test_coco_that_goes_out_is_what_pycocotools_reads(api: TestClient) -> None:
    one, two = photo(), photo((64, 64))
    photos = [row("one.jpg", one, [BOX, BOX]), row("two.jpg", two, [BOX])]
    answer = given(api, {"photos": photos}, [], form="coco")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {"annotations.json", "about.md"}
        with tempfile.TemporaryDirectory() as folder:
            coco = COCO(archive.extract("annotations.json", folder))
    assert len(set(coco.getAnnIds())) == 3
    assert {each["file_name"] for each in coco.loadImgs(coco.getImgIds())} == {"one.jpg", "two.jpg"}


def test_what_each_format_stores_of_a_box_is_what_it_writes(api: TestClient) -> None:
    asked = {"name": "p.jpg", "width": 200, "height": 100, "label": "big cat", "index": 2}
    asked |= {"x1": 10.4, "y1": 20, "x2": 110.4, "y2": 70}
    answer = api.get("/api/v1/labels/stored", params=asked)
    _, about = unpack(answer.content, answer.headers["X-Arrays"])
    texts, moved = about["texts"], about["moved"]
    assert [float(word) for word in texts["yolo"].split()] == pytest.approx(
        [2, 0.302, 0.45, 0.5, 0.5]
    )
    assert texts["kitti"].split()[:8] == ["big_cat", "0", "3", "-10", "10.4", "20", "110.4", "70"]
    assert json.loads(texts["coco"])["bbox"] == pytest.approx([10.4, 20, 100, 50])
    assert "<xmin>11</xmin><ymin>21</ymin><xmax>110</xmax><ymax>70</ymax>" in texts["voc"]
    assert moved["voc"] == pytest.approx(0.4)
    assert max(moved[form] for form in ("yolo", "kitti", "coco")) < 1e-3


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"a.jpg": b"no picture"}, "a.jpg: "),
        ({"a.jpg": photo()[:300]}, "a.jpg: "),
        ({"a.tif": photo(kind="TIFF")}, "a.tif: Browsers do not show TIFF"),
        ({"a.zip": b"PK\3\4 and then nothing"}, "not a zip"),
        ({"a.zip": zipped({"x/a.jpg": b"nothing"})}, "x/a.jpg: "),
        ({"a.zip": zipped({"a/p.jpg": photo(), "b/p.jpg": photo((9, 9))})}, "“p.jpg”"),
        ({"p.jpg": photo(), "p.txt": b"0 1 2"}, "p.txt, line 1"),
        ({"q.txt": b"0 .5 .5 .1 .1", "classes.txt": b"x"}, "q.txt, line 1"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_that_names_it(
    api: TestClient, files: dict[str, bytes], wanted: str
) -> None:
    for lang in ("en", "ko"):
        answer = take(api, files, lang)
        assert 400 <= answer.status_code < 500
        assert answer.json()["detail"].strip()
    assert wanted in take(api, files).json()["detail"]
    assert "Browsers" not in take(api, files, "ko").json()["detail"]


def test_photos_of_other_labels_are_refused(api: TestClient) -> None:
    labels = {"photos": [row("one.jpg", photo(), [])]}
    for photos in ([photo((9, 9))], [photo(), photo()]):
        answer = given(api, labels, photos)
        assert answer.status_code == 422
        assert "not those" in answer.json()["detail"]


@pytest.mark.parametrize(
    "labels",
    [
        "not json",
        {"photos": [{"name": "a"}]},
        {"photos": [row("a.jpg", photo(), [{"box": [1, 2, 3], "label": "x"}])]},
        {"photos": [row("a.jpg", photo(), [{"box": [5, 5, 5, 9], "label": "x"}])]},
        {"photos": [row("a.jpg", photo(), [{"box": [500, 5, 600, 9], "label": "x"}])]},
    ],
)
def test_labels_that_are_none_are_a_sentence(api: TestClient, labels: Any) -> None:
    answer = given(api, labels, [])
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")


def test_the_numbers_of_the_contract_are_the_engines() -> None:
    assert (contract.MOST_BOXES, contract.MOST_CLASSES) == (model.MOST_BOXES, model.MOST_CLASSES)


def test_nanodet_proposes_boxes_for_a_photo_that_is_sent(api: TestClient) -> None:
    """What the page's proposals are made of, in the pixels of the file."""
    import skimage

    data = (Path(skimage.__file__).parent / "data" / "coffee.png").read_bytes()
    answer = api.post(
        "/api/v1/detect",
        files={"file": ("coffee.png", data)},
        data={"detector": "nanodet", "score": "0.25"},
    )
    found = answer.json()
    assert {"cup", "dining table"} <= {each["label"] for each in found["detections"]}
    assert (found["width_px"], found["height_px"]) == Image.open(io.BytesIO(data)).size
