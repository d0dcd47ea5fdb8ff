"""A learner's own pictures: what is kept, what is reported, what is refused as a whole."""

import io
import os
import stat
import sys
import unicodedata
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.data import taken_pictures
from engine.data.own_files import TooMuchError
from engine.data.own_pictures import OwnPictures, read_own_pictures, reading_own_pictures
from engine.data.progress import Progress
from engine.data.taken_pictures import fit_picture
from engine.errors import InputError
from tests.engine.data.conftest import make_zip, png

Files = dict[str, bytes]


def write_folder(files: Files, root: Path) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def reasons(own: OwnPictures) -> dict[str, str]:
    return {each.path: each.reason.key for each in own.report.refused}


@pytest.mark.parametrize("kind", ["zip bytes", "zip file", "folder"])
def test_a_zip_and_a_folder_become_the_same_set(
    kind: str, two_classes: Files, tmp_path: Path
) -> None:
    if kind == "folder":
        source = write_folder(two_classes, tmp_path)
    else:
        source = make_zip(two_classes)
        if kind == "zip file":
            (tmp_path / "own.zip").write_bytes(source)
            source = tmp_path / "own.zip"
    own = read_own_pictures(source, size=(16, 24))
    assert own.data.images.shape == (5, 16, 24, 3)
    assert own.data.classes == ("cats", "dogs")
    assert own.data.count_classes().tolist() == [3, 2]
    for image, target in zip(own.data.images, own.data.targets.tolist(), strict=True):
        expected = [(250, 10, 20), (10, 20, 250)][target]
        assert image.reshape(-1, 3).unique(dim=0).tolist() == [list(expected)]
    report = own.report
    assert report.kept == (("cats", 3), ("dogs", 2))
    assert (report.refused_count, report.refused, report.left_out) == (0, (), ())
    assert (report.smallest, report.largest, report.fit) == ((10, 12), (30, 20), "crop")


@pytest.mark.parametrize("around", ["animals/", "my data/animals/", "./"])
def test_folders_around_all_classes_are_looked_through(around: str, two_classes: Files) -> None:
    files = {around + name: data for name, data in two_classes.items()}
    files |= {"__MACOSX/._0.png": b"x", f"{around}.DS_Store": b"x", f"{around}cats/._1.png": b"x"}
    own = read_own_pictures(make_zip(files))
    assert own.data.classes == ("cats", "dogs")
    assert own.report.refused_count == 0


def test_folders_inside_a_class_belong_to_it(two_classes: Files) -> None:
    own = read_own_pictures(make_zip(two_classes | {"cats/kittens/1.png": png()}))
    assert own.report.kept == (("cats", 4), ("dogs", 2))


def test_what_is_wrong_with_single_files_is_reported_and_the_rest_kept(
    two_classes: Files,
) -> None:
    link = zipfile.ZipInfo("cats/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO(make_zip(two_classes))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(link, "/etc/passwd")
        for name, data in {
            "../../evil.png": png(),
            "/etc/evil.png": png(),
            "C:/evil.png": png(),
            "cats/../../evil.png": png(),
            "dogs\\..\\..\\evil.png": png(),
            "cats/broken.png": png()[:40],
            "cats/text.png": b"not a picture at all",
            "cats/empty.png": b"",
            "dogs/more.zip": make_zip(two_classes),
            "loose.png": png(),
        }.items():
            archive.writestr(name, data)
        archive.writestr("dogs/odd.png", png(), zipfile.ZIP_BZIP2)
    own = read_own_pictures(packed.getvalue())
    assert own.report.kept == (("cats", 3), ("dogs", 2))
    assert reasons(own) == {
        "cats/link.png": "own_file_link",
        "../../evil.png": "own_file_outside",
        "etc/evil.png": "own_file_outside",
        "C:/evil.png": "own_file_outside",
        "cats/../../evil.png": "own_file_outside",
        "dogs/../../evil.png": "own_file_outside",
        "cats/broken.png": "picture_damaged",
        "cats/text.png": "picture_not_recognised",
        "cats/empty.png": "picture_empty",
        "dogs/more.zip": "own_file_nested_zip",
        "loose.png": "own_file_no_class",
        "dogs/odd.png": "own_file_packed_oddly",
    }
    assert own.report.refused_count == 12
    for refused in own.report.refused:
        assert refused.reason.sentence("en") != refused.reason.sentence("ko")


def test_a_locked_file_is_reported(two_classes: Files) -> None:
    packed = bytearray(make_zip(two_classes))
    for signature, flags_at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        packed[packed.find(signature) + flags_at] |= 1
    assert reasons(read_own_pictures(bytes(packed))) == {"cats/0.png": "own_file_encrypted"}


def test_a_file_damaged_inside_the_zip_is_reported(two_classes: Files) -> None:
    packed = bytearray(make_zip(two_classes, zipfile.ZIP_STORED))
    packed[packed.find(b"IDAT") + 6] ^= 255
    assert reasons(read_own_pictures(bytes(packed))) == {"cats/0.png": "own_file_damaged"}


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
def test_links_and_pipes_in_a_folder_are_neither_followed_nor_waited_for(
    two_classes: Files, tmp_path: Path
) -> None:
    secret = write_folder({"secret.png": png()}, tmp_path / "elsewhere")
    root = write_folder(two_classes, tmp_path / "own")
    (root / "cats" / "link.png").symlink_to(secret / "secret.png")
    (root / "linked").symlink_to(secret)
    (root / "cats" / "loop").symlink_to(root)
    os.mkfifo(root / "dogs" / "pipe.png")
    own = read_own_pictures(root)
    assert own.report.kept == (("cats", 3), ("dogs", 2))
    paths = ("cats/link.png", "linked", "cats/loop", "dogs/pipe.png")
    assert reasons(own) == dict.fromkeys(paths, "own_file_link")


def test_only_the_first_refused_files_are_named(two_classes: Files) -> None:
    files = two_classes | {f"cats/{index:03}.txt": b"words" for index in range(50)}
    report = read_own_pictures(make_zip(files)).report
    assert (len(report.refused), report.refused_count) == (20, 50)
    assert report.refused[0].path == "cats/000.txt"


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ({}, "own_no_pictures"),
        ({"a.png": png(), "b.png": png()}, "own_all_refused"),
        ({"cats/1.png": png(), "cats/2.png": png()}, "own_one_class"),
        ({"cats/1.png": png(), "cats/2.png": png(), "dogs/1.png": png()}, "own_one_class"),
        ({"cats/1.png": png(), "cats/2.png": png(), "dogs/": b""}, "own_one_class"),
        ({"cats/1.png": b"x", "dogs/1.png": b"y"}, "own_all_refused"),
        ({"cats/1.png": png(), "dogs/1.png": png()}, "own_no_pictures"),
    ],
)
def test_fewer_than_two_classes_are_a_sentence(files: Files, key: str) -> None:
    with pytest.raises(InputError) as caught:
        read_own_pictures(make_zip(files))
    assert caught.value.key == key
    assert caught.value.sentence("en") != caught.value.sentence("ko")


def test_where_all_are_refused_the_sentence_ends_with_the_first_reason() -> None:
    with pytest.raises(InputError) as caught:
        read_own_pictures(make_zip({"a\nb/1.png": b"x", "dogs/1.png": b"y"}))
    assert "2 files were refused, the first of them a\\nb/1.png: " in str(caught.value)
    assert "PNG, JPEG" in caught.value.sentence("en")
    assert "PNG, JPEG" in caught.value.sentence("ko")


def test_a_class_without_enough_pictures_is_left_out_and_said_so(two_classes: Files) -> None:
    files = two_classes | {"birds/1.png": png(), "fish/1.txt": b"words"}
    own = read_own_pictures(make_zip(files))
    assert own.data.classes == ("cats", "dogs")
    assert own.report.left_out == (("birds", 1), ("fish", 0))
    assert own.data.count_classes().tolist() == [3, 2]


def test_too_many_classes_are_a_sentence() -> None:
    with pytest.raises(TooMuchError, match="At most 100 classes"):
        read_own_pictures(make_zip({f"{index}/1.png": png() for index in range(101)}))


def test_too_large_a_set_is_a_sentence(two_classes: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taken_pictures, "MAX_SET_BYTES", 4 * 32 * 32 * 3)
    with pytest.raises(TooMuchError, match="at this size at most 4 do"):
        read_own_pictures(make_zip(two_classes))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"size": (7, 32)}, "H must lie between 8 and 256"),
        ({"size": (32, 257)}, "W must lie between 8 and 256"),
        ({"fit": "stretch"}, "fit must be one of crop, squash"),
    ],
)
def test_settings_out_of_range_are_a_sentence(
    changed: dict, message: str, two_classes: Files
) -> None:
    with pytest.raises(InputError, match=message):
        read_own_pictures(make_zip(two_classes), **changed)


def test_progress_is_told_after_each_file(two_classes: Files) -> None:
    assert list(reading_own_pictures(make_zip(two_classes))) == [
        Progress(done, 5) for done in range(1, 6)
    ]


def test_reading_that_is_stopped_closes_its_zip(two_classes: Files, tmp_path: Path) -> None:
    path = tmp_path / "own.zip"
    path.write_bytes(make_zip(two_classes))
    steps = reading_own_pictures(path)
    next(steps)
    steps.close()  # an unclosed file would be a warning, hence an error


def test_names_taken_apart_by_a_mac_are_one_class() -> None:
    apart = unicodedata.normalize("NFD", "토끼")
    files = {f"{apart}/1.png": png(), "토끼/2.png": png(), "개/1.png": png(), "개/2.png": png()}
    assert read_own_pictures(make_zip(files)).report.kept == (("개", 2), ("토끼", 2))


def test_squashing_is_what_opencv_does_to_a_smooth_picture_and_cropping_keeps_the_middle() -> None:
    x = np.linspace(0, 1, 90)
    ramp = np.rint(255 * (x + np.linspace(0, 1, 40)[:, None]) / 2).astype(np.uint8)
    pixels = np.repeat(ramp[..., None], 3, axis=2)
    squashed = fit_picture(pixels, (20, 20), "squash")
    expected = cv2.resize(pixels, (20, 20), interpolation=cv2.INTER_AREA)
    assert np.abs(squashed.astype(int) - expected).max() <= 2
    cropped = fit_picture(pixels, (20, 20), "crop")
    expected = cv2.resize(pixels[:, 25:65], (20, 20), interpolation=cv2.INTER_AREA)
    assert np.abs(cropped.astype(int) - expected).max() <= 2
    np.testing.assert_array_equal(fit_picture(pixels, (40, 90), "crop"), pixels)
