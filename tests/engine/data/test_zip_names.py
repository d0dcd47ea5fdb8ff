"""Names in zips that do not say how they are encoded."""

import struct
import zipfile
import zlib

import pytest

from engine.data.zip_names import choose_code_page, read_names


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("utf-8", ["토끼", "Käfer", "猫"]),
        ("cp437", ["Käfer", "Möwe"]),
        ("cp437", ["Käfer"]),
        ("cp437", ["Maßstab", "süß"]),
        ("cp437", ["español", "niño"]),
        ("cp850", ["Größe", "Übung"]),
        ("cp850", ["São Paulo", "cão", "gato"]),
        ("cp850", ["århus", "ødegård"]),
        ("cp1252", ["Käfer", "Möwe"]),
        ("cp1252", ["élève", "forêt"]),
        ("cp1252", ["cão", "pão"]),
        ("cp852", ["żaba", "łoś"]),
        ("cp852", ["pes", "kočka"]),
        ("cp949", ["토끼", "개"]),
        ("cp949", ["고양이", "강아지"]),
        ("cp949", ["사과", "배", "딸기"]),
        ("cp949", ["학습 데이터"]),
        ("cp949", ["cat고양이"]),
        ("cp932", ["犬", "猫"]),
        ("cp932", ["ねこ", "いぬ"]),
        ("cp932", ["ネコ"]),
        ("cp932", ["画像データ"]),
        ("gbk", ["照片", "训练集"]),
        ("gbk", ["苹果", "香蕉", "橙子"]),
        ("big5", ["貓", "狗"]),
        ("big5", ["照片", "訓練"]),
        ("cp866", ["кот", "собака"]),
    ],
)
def test_the_code_page_in_which_names_are_words(page: str, names: list[str]) -> None:
    raw = [name.encode(page) for name in names]
    chosen = choose_code_page(raw)
    assert [name.decode(chosen) for name in raw] == names


def test_no_code_page_is_an_error_for_no_bytes() -> None:
    for first in range(128, 256):
        for second in (0x40, 0x7F, 0x80, 0xFF):
            raw = bytes([first, second])
            raw.decode(choose_code_page([raw]), "replace")
    assert choose_code_page([]) == "utf-8"


def member(name: bytes, extra: bytes = b"") -> zipfile.ZipInfo:
    """An entry without the UTF-8 flag, as zipfile lists it."""
    info = zipfile.ZipInfo(name.decode("cp437"))
    info.extra = extra
    return info


def test_the_unicode_name_beside_another_counts_where_it_belongs_to_it() -> None:
    name = b"_____.png"
    for checksum, expected in ((zlib.crc32(name), "토끼.png"), (1, "_____.png")):
        field = struct.pack("<BI", 1, checksum) + "토끼.png".encode()
        extra = (
            struct.pack("<HH", 0x5455, 1) + b"\1" + struct.pack("<HH", 0x7075, len(field)) + field
        )
        assert read_names([member(name, extra)]) == [expected]


@pytest.mark.parametrize("extra", [b"\x75\x70", b"\x75\x70\xff\xff\1", b"\x75\x70\1\0\1"])
def test_a_damaged_extra_field_is_none(extra: bytes) -> None:
    assert read_names([member(b"cat", extra)]) == ["cat"]


def test_names_end_at_a_zero_and_have_slashes() -> None:
    names = read_names([member(b"cat\\1.png"), member(b"cat\0dog"), member(b"")])
    assert names == ["cat/1.png", "cat", ""]
