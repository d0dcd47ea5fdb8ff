"""Zips and folders that mean harm, or only look so: bounded, and told in a sentence."""

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from engine.data.own_files import Limits, TooMuchError, show_name
from engine.data.own_pictures import OwnPictures, read_own_pictures
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


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", png(), b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_a_sentence(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(data)
    for source in (data, tmp_path / "file"):
        with pytest.raises(InputError, match="not a zip file"):
            read_own_pictures(source)


def test_a_zip_cut_anywhere_is_a_sentence_or_a_report(two_classes: Files) -> None:
    packed = make_zip(two_classes)
    for end in range(0, len(packed), 29):
        with pytest.raises(InputError, match="not a zip file"):
            read_own_pictures(packed[:end])


def test_a_zip_with_any_byte_changed_is_a_sentence_or_a_report(two_classes: Files) -> None:
    packed = make_zip(two_classes)
    for at in range(len(packed) - 700, len(packed), 3):  # its directory
        changed = bytearray(packed)
        changed[at] ^= 0xFF
        try:
            own = read_own_pictures(bytes(changed))
        except InputError:
            continue
        assert own.report.refused_count or own.report.left_out or own.data.classes


def test_nothing_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder or zip file called nowhere"):
        read_own_pictures(tmp_path / "nowhere")
    with pytest.raises(InputError, match="No folder holds"):
        read_own_pictures(tmp_path)


def test_a_zip_bomb_is_stopped_while_it_unpacks(two_classes: Files) -> None:
    zeros = bytes(19_000_000)
    bomb = make_zip(two_classes | {f"cats/{index}.bmp": zeros for index in range(4)})
    assert len(bomb) < 100_000
    tracemalloc.start()
    with pytest.raises(TooMuchError, match="more than 100 times its own size"):
        read_own_pictures(bomb)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 60_000_000  # of 76 MB


def test_sizes_in_headers_are_not_believed(two_classes: Files) -> None:
    """Each entry says that it holds 10 bytes; Python stops there, and its checksum tells."""
    packed = bytearray(make_zip({"cats/9.bmp": bytes(30_000_000)} | two_classes))
    for signature, size_at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = packed.find(signature) + size_at
        packed[at : at + 4] = (10).to_bytes(4, "little")
    assert reasons(read_own_pictures(bytes(packed))) == {"cats/9.bmp": "own_file_damaged"}


def test_one_huge_file_is_refused_by_itself(two_classes: Files) -> None:
    packed = make_zip(two_classes | {"dogs/9.bmp": bytes(21_000_000)}, zipfile.ZIP_STORED)
    assert reasons(read_own_pictures(packed)) == {"dogs/9.bmp": "picture_file_too_big"}


def test_all_files_together_are_bounded(two_classes: Files, tmp_path: Path) -> None:
    limits = Limits(total_bytes=sum(map(len, two_classes.values())) - 1)
    with pytest.raises(TooMuchError, match="files hold more than 0 MB together"):
        read_own_pictures(write_folder(two_classes, tmp_path), limits=limits)
    limits = Limits(total_bytes=limits.total_bytes + 1)
    assert read_own_pictures(tmp_path, limits=limits).report.refused_count == 0


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_too_many_files_are_a_sentence(kind: str, two_classes: Files, tmp_path: Path) -> None:
    source = make_zip(two_classes) if kind == "zip" else write_folder(two_classes, tmp_path)
    with pytest.raises(TooMuchError, match="more than 4 files"):
        read_own_pictures(source, limits=Limits(files=4))
    entries = 7 if kind == "folder" else 5  # a folder's own folders count
    assert read_own_pictures(source, limits=Limits(files=entries)).report.refused_count == 0


def test_a_hundred_thousand_files_in_a_zip_are_refused_before_they_are_listed() -> None:
    packed = make_zip({f"cats/{index:06}.png": b"" for index in range(100_000)}, 0)
    tracemalloc.start()
    with pytest.raises(TooMuchError, match="more than 20000 files"):
        read_own_pictures(packed)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 3 * len(packed)


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_korean_names_without_the_utf8_flag_are_read(encoding: str) -> None:
    packed = make_zip({f"XXXX/{index}.png": png() for index in range(2)} | {"개/1.png": png()})
    packed = packed.replace(b"XXXX", "토끼".encode("cp949"))
    if encoding == "utf-8":
        packed = make_zip({f"YYYYYY/{index}.png": png() for index in range(2)})
        packed = packed.replace(b"YYYYYY", "토끼".encode())
    with pytest.raises(InputError, match="Only one class, 토끼,"):
        read_own_pictures(packed)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", ""),
        ("cat 1.png", "cat 1.png"),
        ("토끼", "토끼"),
        ("a\nb\x1b[31m", "a\\nb\\x1b[31m"),
        ("gpj\u202egnp", "gpj\\u202egnp"),
        ("\udce9.png", "\\udce9.png"),
        ("x" * 70, "x" * 59 + "…"),
    ],
)
def test_names_are_shown_in_one_visible_line(name: str, shown: str) -> None:
    assert show_name(name) == shown
