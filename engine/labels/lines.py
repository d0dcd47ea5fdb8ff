"""Text files of numbers, line by line, with a sentence for what is no number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.labels.model import Place

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LONGEST_LINE = 20_000  # a polygon of a thousand corners


def read_text(file: str, data: bytes) -> str:
    """UTF-8, or what its byte order mark says.

    Raises:
        InputError: another encoding, or binary; the line is named.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Place(file, line).error("label_encoding") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Place(file, line).error("label_encoding")
    return text


@dataclass(frozen=True)
class Row:
    """The words of a line that is not empty."""

    words: Sequence[str]
    place: Place

    def number(self, column: int) -> float:
        """A column's number.

        Raises:
            InputError: it is none.
        """
        word = self.words[column]
        try:
            return float(word) if word.isascii() and "_" not in word else float("no")
        except ValueError:
            raise self.place.error("label_no_number", text=word, column=column + 1) from None


def rows(file: str, data: bytes) -> Iterator[Row]:
    """The lines of a file that are not empty.

    Raises:
        InputError: not text, or a line without end.
    """
    for line, text in enumerate(read_text(file, data).split("\n"), start=1):
        place = Place(file, line)
        if len(text) > _LONGEST_LINE:
            raise place.error("label_long_line", most=_LONGEST_LINE)
        if words := text.split():
            yield Row(words, place)
