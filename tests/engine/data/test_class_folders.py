"""What folders mean: classes, the archive's own parts, tools' leftovers."""

import pytest

from engine.data.class_folders import find_class_folders, part_of, tool_name
from engine.errors import InputError


def paths(*names: str) -> list[tuple[str, ...]]:
    return [tuple(name.split("/")) for name in names]


def placed(*names: str) -> list[tuple[str, str | None]]:
    given = paths(*names)
    folders = find_class_folders(given)
    return [folders.place(path) for path in given]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("train", "train"), ("Train", "train"), ("TRAINING", "train"), ("training_set", "train"),
        ("seg_train", "train"), ("train2017", "train"), ("trainset", "train"),
        ("학습 데이터", "train"), ("훈련", "train"), ("학습용", "train"), ("val", "validation"),
        ("valid", "validation"), ("Validation", "validation"), ("dev", "validation"),
        ("검증", "validation"), ("test", "test"), ("test_set", "test"), ("Testing", "test"),
        ("test1", "test"), ("테스트", "test"), ("시험용", "test"), ("cat", None), ("trains", None),
        ("train station", None), ("latest", None), ("", None),
    ],
)  # fmt: skip
def test_names_of_parts(name: str, part: str | None) -> None:
    assert part_of(name) == part


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (".ipynb_checkpoints/1.png", ".ipynb_checkpoints"),
        ("cat/.thumbnails/1.png", ".thumbnails"),
        ("cat/@eaDir/1.png", "@eaDir"),
        ("__MACOSX/cat/._1.png", "__MACOSX"),
        ("cat/._1.png", "._*"),
        ("cat/Thumbs.db", "Thumbs.db"),
        ("cat/.DS_Store", ".DS_Store"),
        ("$RECYCLE.BIN/1.png", "$RECYCLE.BIN"),
        ("cat/1.png", None),
        ("cat/_1.png", None),
        ("#1 cat/1.png", None),
    ],
)
def test_leftovers_of_tools(path: str, name: str | None) -> None:
    assert tool_name(tuple(path.split("/"))) == name


def test_parts_around_classes() -> None:
    found = placed("train/cat/1", "train/dog/1", "valid/cat/1", "test/dog/1", "README.txt")
    parts = [("cat", "train"), ("dog", "train"), ("cat", "validation"), ("dog", "test")]
    assert found == [*parts, ("", None)]


def test_parts_inside_one_folder_and_parts_that_repeat_their_name() -> None:
    found = placed(
        "intel/seg_train/seg_train/sea/1", "intel/seg_train/seg_train/ice/1",
        "intel/seg_test/seg_test/sea/1", "intel/seg_pred/1",
    )  # fmt: skip
    assert found == [("sea", "train"), ("ice", "train"), ("sea", "test"), ("", None)]


def test_parts_inside_classes() -> None:
    found = placed("cat/train/1", "cat/val/1", "dog/train/1", "dog/train/more/2")
    assert found == [("cat", "train"), ("cat", "validation"), ("dog", "train"), ("dog", "train")]


def test_a_test_part_without_classes_has_none() -> None:
    found = placed("train/cat/1", "train/dog/1", "test/1", "test/2")
    assert found == [("cat", "train"), ("dog", "train"), ("", None), ("", None)]


def test_one_part_alone_is_a_folder_around_all() -> None:
    assert placed("train/cat/1", "train/dog/1") == [("cat", None), ("dog", None)]


@pytest.mark.parametrize("other", ["bus", "plane"])
def test_trains_among_other_vehicles_are_a_class(other: str) -> None:
    found = placed("train/1", "train/2", f"{other}/1", "test drive/1")
    assert found == [("train", None), ("train", None), (other, None), ("test drive", None)]
    assert placed("train/steam/1", f"{other}/1") == [("train", None), (other, None)]


def test_parts_without_classes_are_a_sentence() -> None:
    with pytest.raises(InputError, match="folders test, train hold pictures but no folders"):
        find_class_folders(paths("train/1", "train/2", "test/1"))


@pytest.mark.parametrize("names", [[], ["1"], ["a/1"], ["a/b/c/1"], ["", "a/"]])
def test_whatever_the_paths_there_is_an_answer(names: list[str]) -> None:
    given = paths(*names)
    folders = find_class_folders(given)
    for path in [*given, (), ("x",), ("x", "y", "z", "w")]:
        folders.place(path)
