"""What detectors find, in two languages."""

import re

import pytest

from engine.detection.coco import COCO_CLASSES
from engine.detection.detectors import find_detector
from engine.detection.raw_answers import what_it_finds
from engine.serving.class_words import class_word, named_labels


@pytest.mark.parametrize("name", [*COCO_CLASSES, "face", "eye", "number plate", "circle"])
def test_a_thing_has_a_word_in_both_languages(name: str) -> None:
    assert class_word(name, "en") == name
    assert re.search("[가-힣]", class_word(name, "ko"))


def test_korean_words_tell_the_eighty_classes_apart() -> None:
    assert len({class_word(name, "ko") for name in COCO_CLASSES}) == 80


def test_everything_that_a_cascade_finds_has_a_korean_word() -> None:
    from engine.detection.cascade_file import cascade_names

    for cascade in cascade_names():
        assert find_detector(f"haar_{cascade}").family == "cascade"
        assert re.search("[가-힣]", class_word(what_it_finds(cascade), "ko")), cascade


def test_torchvision_s_segmenters_have_korean_words_too() -> None:
    from engine.segment.torchvision_segmenters import class_names

    for name in class_names("fcn_resnet50"):
        assert re.search("[가-힣]", class_word(name, "ko")), name
    assert class_word("diningtable", "en") == "dining table"


def test_what_has_no_other_word_stays_english() -> None:
    assert class_word("espresso", "ko") == "espresso"
    assert class_word("person", "fr") == "person"


def test_only_labels_that_occur_are_named() -> None:
    assert named_labels([2, 0, 2], ("person", "cat", "dog"), "ko") == {"0": "사람", "2": "개"}
