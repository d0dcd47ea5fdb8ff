"""Cascade files: all that OpenCV ships, and what is none."""

import re
from typing import Any

import cv2
import pytest

from engine.detection.cascade_file import (
    LARGEST_FILE_BYTES,
    cascade_file,
    cascade_names,
    load_cascade,
    parse_cascade,
)
from engine.errors import InputError


def tiny(**changes: Any) -> bytes:
    """A cascade of one stage with one tree; changes put something else in a place."""
    parts = {
        "top": "<cascade type_id='opencv-cascade-classifier'>",
        "stage_type": "BOOST",
        "feature_type": "HAAR",
        "height": 20,
        "threshold": "0.5",
        "nodes": "0 -1 0 0.1",
        "leaves": "-1 1",
        "rect": "2 2 4 4 -1.",
        "tilted": "0",
        "prolog": "",
    } | changes
    return """<?xml version="1.0"?>{prolog}
        <opencv_storage>{top}<stageType>{stage_type}</stageType>
        <featureType>{feature_type}</featureType><height>{height}</height><width>20</width>
        <stages><_><stageThreshold>{threshold}</stageThreshold><weakClassifiers><_>
        <internalNodes>{nodes}</internalNodes><leafValues>{leaves}</leafValues>
        </_></weakClassifiers></_></stages>
        <features><_><rects><_>{rect}</_><_>2 2 2 4 2.</_></rects><tilted>{tilted}</tilted></_>
        </features></cascade></opencv_storage>""".format(**parts).encode()


def test_all_that_opencv_ships_are_read() -> None:
    names = cascade_names()
    assert len(names) >= 17
    assert {"frontalface_default", "eye", "smile", "frontalcatface"} <= set(names)
    for name in names:
        assert len(load_cascade(name).stages) >= 10


@pytest.mark.parametrize("name", ["frontalface_default", "smile", "russian_plate_number"])
def test_sizes_as_opencv_reads_them(name: str) -> None:
    cascade = load_cascade(name)
    width, height = cv2.CascadeClassifier(str(cascade_file(name))).getOriginalWindowSize()
    assert cascade.window_px == (height, width)
    xml = cascade_file(name).read_text()
    assert len(cascade.stages) == int(re.findall(r"<stageNum>(\d+)", xml)[0])
    trees = sum(len(stage.trees) for stage in cascade.stages)
    assert trees == xml.count("<internalNodes>")


def test_the_smallest_cascade() -> None:
    cascade = parse_cascade(tiny())
    (stage,) = cascade.stages
    assert (cascade.window_px, stage.threshold, stage.trees[0].leaves) == ((20, 20), 0.5, (-1, 1))
    assert [rect.weight for rect in cascade.features[0].rects] == [-1, 2]


def test_corners_of_rectangles() -> None:
    rect = load_cascade("eye").features[0].rects[0]
    y, x, bottom, right = rect.y, rect.x, rect.y + rect.height, rect.x + rect.width
    assert rect.corners(tilted=False) == ((y, x), (y, right), (bottom, x), (bottom, right))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "not XML"),
        (b"\x89PNG\r\n", "not XML"),
        (b"<a><b></a>", "not XML"),
        (b"<a/>", "not a Haar cascade"),
        (b"<opencv_storage><images/></opencv_storage>", "not a Haar cascade"),
        (tiny(feature_type="LBP"), "not a Haar cascade"),
        (tiny(stage_type="TREE"), "not a Haar cascade"),
        (tiny(prolog="<!DOCTYPE a [<!ENTITY b 'c'>]>"), "damaged"),
        (tiny(height="tall"), "damaged"),
        (tiny(height=0), "damaged"),
        (tiny(height=100_000), "damaged"),
        (tiny(threshold="nan"), "damaged"),
        (tiny(nodes="0 -1 0"), "damaged"),
        (tiny(nodes=""), "damaged"),
        (tiny(nodes="0 -1 7 0.1"), "damaged"),  # no such feature
        (tiny(nodes="0 -2 0 0.1"), "damaged"),  # no such leaf
        (tiny(nodes="1 -1 0 0.1"), "damaged"),  # no such node
        (tiny(nodes="1 -1 0 0.1 1 -1 0 0.1"), "damaged"),  # round and round
        (tiny(leaves="-1 inf"), "damaged"),
        (tiny(rect="18 2 4 4 -1."), "damaged"),  # outside the window
        (tiny(rect="2 -1 4 4 -1."), "damaged"),
        (tiny(rect="2 2 0 4 -1."), "damaged"),
        (tiny(rect="2 2 4 4"), "damaged"),
        (tiny(tilted="1"), "damaged"),  # hangs out on the left
        (tiny().replace(b"stageThreshold", b"x"), "damaged"),
        (b" " * (LARGEST_FILE_BYTES + 1), "larger than 8 MB"),
    ],
)
def test_what_is_no_cascade_gets_a_sentence(file: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        parse_cascade(file)


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(InputError, match="frontalface_default") as caught:
        load_cascade("../../etc/passwd")
    assert caught.value.status == 404
