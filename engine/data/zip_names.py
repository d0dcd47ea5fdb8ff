"""Names in a zip that does not say how they are encoded.

Only a flag, which many programs do not set, tells UTF-8. Without it the format says code page 437,
and programs write the code page of their country: Windows wrote 850 in western Europe, 852 in
central Europe, 866 in Russia, 949 in Korea, 932 in Japan, 936 and 950 in China. All names of a zip
come from one program, so one code page is chosen for all: that in which they look most like words.

Sources: PKWARE APPNOTE 6.3.10, 4.4.4, 4.6.9 and appendix D; KS X 1001 and GB 2312, which hold the
syllables and characters in daily use.
"""

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from itertools import pairwise

# In the order in which they are preferred where names look as good.
CODE_PAGES = ("cp437", "cp850", "cp1252", "cp852", "cp949", "cp932", "cp866", "gbk", "big5")
_IS_UTF8 = 0x800
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field: the name in UTF-8, beside the one in a code page
_WORD = re.compile(r"[^\W\d_]+")

# Costs of a letter that would be odd in a name; plain letters cost nothing.
_RARE_LETTER, _SIGN, _IMPOSSIBLE = 1.0, 3.0, 6.0
_MIXED_WORD = 4.0
_COMMON_LATIN = set("äöüßéèêëàâçñáíóúîïôûùåøæãõÄÖÜÉÑÅØÆ")
_CENTRAL_LATIN = set("ąćęłńśźżčďěňřšťůžőűţşăĄĆĘŁŃŚŹŻČĎĚŇŘŠŤŮŽŐŰ")
_LATIN, _HANGUL, _KANA, _HAN, _CYRILLIC, _OTHER = "latin", "hangul", "kana", "han", "cyrillic", "?"


def read_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The members' paths in Unicode, with slashes; folders end with one, names may be empty."""
    raw = [
        None if info.flag_bits & _IS_UTF8 else info.orig_filename.encode("cp437", "replace")
        for info in members
    ]
    page = choose_code_page([name for name in raw if name is not None])
    names = []
    for info, name in zip(members, raw, strict=True):
        decoded = info.filename
        if name is not None:
            decoded = _unicode_path(info.extra, name) or name.decode(page, "replace")
        names.append(decoded.partition("\0")[0].replace("\\", "/"))
    return names


def _unicode_path(extra: bytes, name: bytes) -> str | None:
    """The name in the extra field, where it belongs to this one."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + length]
        if kind == _UNICODE_PATH and field[:1] == b"\1" and len(field) > 5:
            checksum = int.from_bytes(field[1:5], "little")
            if checksum == zlib.crc32(name):
                return field[5:].decode("utf-8", "replace")
        at += 4 + length
    return None


def choose_code_page(names: Sequence[bytes]) -> str:
    """The encoding of all names: "utf-8", or one of ``CODE_PAGES``.

    Args:
        names: as they stand in the zip, of entries without the UTF-8 flag.
    """
    telling = [name for name in dict.fromkeys(names) if not name.isascii()]
    if _decode_all(telling, "utf-8") is not None:
        return "utf-8"
    costs = {}
    for page in CODE_PAGES:
        decoded = _decode_all(telling, page)
        if decoded is not None:
            costs[page] = sum(_cost(name, page) for name in decoded)
    return min(costs, key=lambda page: costs[page]) if costs else "cp437"


def _decode_all(names: Sequence[bytes], encoding: str) -> list[str] | None:
    try:
        return [name.decode(encoding) for name in names]
    except UnicodeDecodeError:
        return None


def _cost(name: str, page: str) -> float:
    """How unlike a name it looks."""
    cost = sum(_letter_cost(letter, page) for letter in name if not letter.isascii())
    for word in _WORD.findall(name):
        scripts = {_script(letter) for letter in word}
        if len(scripts) > 1 and scripts != {_KANA, _HAN} and scripts != {_LATIN, _HANGUL}:
            cost += _MIXED_WORD
        accents = sum(not letter.isascii() for letter in word)
        if scripts == {_LATIN} and accents > 1 and 2 * accents > len(word):
            cost += _SIGN * accents  # no language has words of accents alone
        if accents and any(a.islower() and b.isupper() for a, b in pairwise(word)):
            cost += _MIXED_WORD
        if page != "cp866" and _CYRILLIC in scripts:
            cost += _SIGN * len(word)  # the Cyrillic rows of Asian code pages are for quotations
    return cost


def _letter_cost(letter: str, page: str) -> float:
    kind = unicodedata.category(letter)
    if kind[0] in "CZ":
        return _IMPOSSIBLE
    if kind[0] != "L":
        return _SIGN if kind[0] in "SP" else 0.0
    script = _script(letter)
    if script == _HANGUL:
        return 0.0 if _is_in(letter, "euc_kr") else _SIGN
    if script == _HAN:
        return _han_cost(letter, page)
    if script == _LATIN:
        common = letter in _COMMON_LATIN or (page == "cp852" and letter in _CENTRAL_LATIN)
        return 0.3 * (page == "cp852") if common else _RARE_LETTER
    if "\uff66" <= letter <= "\uff9f":
        return _SIGN  # half-width kana
    if script == _KANA:
        return 0.0 if page == "cp932" else _SIGN
    return 0.0 if script == _CYRILLIC else _SIGN


def _han_cost(letter: str, page: str) -> float:
    """Chinese characters: plain where the code page is a country's that writes with them."""
    if page == "cp949":
        return _RARE_LETTER  # Korean names are written in Hangul
    if page == "gbk":
        return 0.5 if _is_in(letter, "gb2312") else _SIGN
    return 0.5


def _is_in(letter: str, encoding: str) -> bool:
    """Whether a national standard has it; EUC-KR spells the syllables that it lacks in 8 bytes.

    KS X 1001 has 2,350 of 11,172 syllables, those in use.
    """
    try:
        return len(letter.encode(encoding)) <= 2
    except UnicodeEncodeError:
        return False


def _script(letter: str) -> str:
    code = ord(letter)
    if code < 0x250:
        return _LATIN
    if 0xAC00 <= code <= 0xD7A3 or 0x3131 <= code <= 0x318E:
        return _HANGUL
    if 0x3040 <= code <= 0x30FF or 0xFF66 <= code <= 0xFF9F:
        return _KANA
    if 0x4E00 <= code <= 0x9FFF:
        return _HAN
    return _CYRILLIC if 0x400 <= code <= 0x45F else _OTHER
