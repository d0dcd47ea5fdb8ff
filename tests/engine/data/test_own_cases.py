"""Archives that went wrong once, and others of their kinds."""

import io
import struct
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data.own_files import TooMuchError
from engine.data.own_pictures import OwnPictures, read_own_pictures
from engine.errors import InputError
from engine.pictures.picture import note_sentence
from tests.engine.data.conftest import make_zip, png

CASES = Path(__file__).parent / "cases"
TRAIN, VALIDATION, TEST = range(3)


def read(name: str) -> OwnPictures:
    return read_own_pictures(CASES / name)


def notes_of(own: OwnPictures) -> dict[str, dict]:
    return {note.key: dict(note.params) for note in own.report.notes}


def test_the_archives_own_division_is_kept() -> None:
    own = read("split.zip")
    assert own.data.classes == ("cat", "dog")
    assert own.data.parts is not None
    assert own.data.parts.tolist() == [TRAIN] * 8 + [VALIDATION] * 4
    assert own.data.targets.tolist() == [0] * 4 + [1] * 4 + [0, 0, 1, 1]
    assert notes_of(own)["own_parts_kept"] == {"train": 8, "validation": 4, "test": 0}


def test_its_test_part_is_set_aside_and_its_copies_are_told() -> None:
    own = read("split_roboflow.zip")
    assert own.report.kept == (("cat", 8), ("dog", 8))
    assert own.data.parts is not None
    assert own.data.parts.bincount().tolist() == [8, 4, 4]
    notes = notes_of(own)
    assert notes["own_parts_kept"] == {"train": 8, "validation": 4, "test": 4}
    assert notes["own_copies"]["count"] == 8
    assert notes["own_copies_apart"] == {"count": 4}
    assert {each.path for each in own.report.refused} == {
        "README.roboflow.txt",
        "README.dataset.txt",
    }


def test_what_tools_left_behind_is_passed_over_and_named() -> None:
    own = read("ipynb.zip")
    assert own.report.kept == (("cat", 4), ("dog", 4))
    assert notes_of(own) == {"own_ignored": {"names": ".ipynb_checkpoints (3)"}}


def test_an_empty_class_is_told() -> None:
    own = read("emptyclass.zip")
    assert own.report.kept == (("cat", 4), ("dog", 4))
    assert own.report.left_out == (("bird", 0),)


def test_an_empty_class_in_a_folder_is_told(two_classes: dict, tmp_path: Path) -> None:
    for name, data in two_classes.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "bird").mkdir()
    (tmp_path / ".git").mkdir()
    assert read_own_pictures(tmp_path).report.left_out == (("bird", 0),)


def test_names_in_code_page_437() -> None:
    assert read("cp437_umlaut.zip").data.classes == ("Käfer", "Möwe")


def test_pgm_pictures_are_read() -> None:
    own = read("pgm.zip")
    assert own.report.kept == (("s1", 4), ("s2", 4), ("s3", 4))
    assert own.report.refused_count == 0


def test_heic_and_tiff_pictures_are_read_too(two_classes: dict) -> None:
    import pillow_heif

    file = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (40, 30), "red")).save(file)
    tiff = io.BytesIO()
    Image.fromarray(np.zeros((9, 9), np.float32)).save(tiff, "TIFF")
    files = two_classes | {"cats/phone.heic": file.getvalue(), "dogs/deep.tif": tiff.getvalue()}
    assert read_own_pictures(make_zip(files)).report.kept == (("cats", 4), ("dogs", 3))


def test_copies_are_marked_and_told() -> None:
    unlike = [png((index * 20, 0, 0)) for index in range(6)]
    files = {f"cat/{index}.png": data for index, data in enumerate(unlike[:3])}
    files |= {f"dog/{index}.png": data for index, data in enumerate(unlike[3:])}
    files |= {"cat/again.png": unlike[0], "dog/a cat.png": unlike[1]}
    own = read_own_pictures(make_zip(files))
    assert own.data.originals is not None
    assert own.data.originals.tolist() == [0, 1, 2, 3, 4, 5, 0, 1]
    expected = {"count": 2, "copy": "cat/again.png", "original": "cat/0.png"}
    assert notes_of(own) == {"own_copies": expected}


def test_a_class_that_has_nothing_to_learn_from_is_left_out() -> None:
    files = {f"train/{name}/{index}.png": png() for name in ("a", "b") for index in range(2)}
    files |= {f"test/{name}/{index}.png": png() for name in ("a", "c") for index in range(2)}
    own = read_own_pictures(make_zip(files))
    assert own.data.classes == ("a", "b")
    assert own.report.left_out == (("c", 2),)
    assert "own_no_validation" in notes_of(own)


def test_nothing_but_leftovers_is_a_sentence() -> None:
    with pytest.raises(InputError, match=r"tools left behind \(__MACOSX \(2\)\)"):
        read_own_pictures(make_zip({"__MACOSX/a/1.png": png(), "__MACOSX/b/1.png": png()}))


@pytest.mark.parametrize("name", [b"", b"\0", b"/", b"\0x/1.png"])
def test_entries_without_a_name(name: bytes, two_classes: dict) -> None:
    """Python's zipfile looks for the last letter of every name."""
    stand_in = b"Z" * max(1, len(name))
    packed = make_zip(two_classes | {stand_in.decode(): png()})
    packed = packed.replace(stand_in, name) if name else _cut_name(packed)
    own = read_own_pictures(packed)
    assert own.report.kept == (("cats", 3), ("dogs", 2))


def _cut_name(packed: bytes) -> bytes:
    """The zip without the one letter of its last entry's name."""
    data = bytearray(packed)
    local = data.rindex(b"PK\3\4")
    data[local + 26 : local + 28] = struct.pack("<H", 0)
    del data[local + 30]
    central = data.rindex(b"PK\1\2")
    data[central + 28 : central + 30] = struct.pack("<H", 0)
    del data[central + 46]
    end = data.rindex(b"PK\5\6")
    size, at = struct.unpack_from("<II", data, end + 12)
    data[end + 12 : end + 20] = struct.pack("<II", size - 1, at - 1)
    return bytes(data)


def tiny_png(side_px: int) -> bytes:
    """A black picture of 1 bit: some 8,000 pixels a byte."""
    file = io.BytesIO()
    Image.new("1", (side_px, side_px)).save(file, "PNG")
    return file.getvalue()


def test_a_zip_of_bombs_is_refused_before_one_is_decoded() -> None:
    bomb = tiny_png(4_000)
    files = {f"cats/{index}.png": bomb + bytes([index]) for index in range(200)}
    packed = make_zip(files | {"dogs/0.png": png(), "dogs/1.png": png()}, zipfile.ZIP_STORED)
    begun = time.process_time()
    with pytest.raises(TooMuchError, match=r"more than 10\d\d million pixels"):
        read_own_pictures(packed)
    assert time.process_time() - begun < 1


def test_pixels_that_no_head_states_are_found_at_the_end() -> None:
    """A TIFF's directory may stand at its end."""
    file = io.BytesIO()
    Image.new("1", (4_000, 4_000)).save(file, "TIFF", compression="tiff_adobe_deflate")
    data = file.getvalue()
    directory = int.from_bytes(data[4:8], "little")
    moved = data[:4] + (len(data) + 20_000).to_bytes(4, "little") + data[8:] + bytes(20_000)
    late = moved + data[directory:]
    files = {f"cats/{index}.tif": late + bytes([index]) for index in range(70)}
    begun = time.process_time()
    with pytest.raises(TooMuchError, match="million pixels"):
        read_own_pictures(make_zip(files))
    assert time.process_time() - begun < 1


def test_every_note_is_a_sentence_in_both_languages() -> None:
    for name in ("split_roboflow.zip", "ipynb.zip", "split.zip"):
        for note in read(name).report.notes:
            english, korean = (note_sentence(note, lang) for lang in ("en", "ko"))
            assert english != korean
            assert "{" not in english + korean
