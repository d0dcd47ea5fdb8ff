"""A small XML file as a tree that knows its lines; a DOCTYPE, and with it entities, is refused.

Source: Python's ``xml.parsers.expat``.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from engine.errors import InputError
from engine.labels.model import Place

_DEEPEST, _MOST_NODES = 16, 400_000


@dataclass
class Node:
    """An element.

    Attributes:
        tag: its name.
        line: where it begins, from 1.
        text: what stands in it before its first element.
        parts: the elements in it.
    """

    tag: str
    line: int
    text: str = ""
    parts: list["Node"] = field(default_factory=list)

    def find(self, tag: str) -> "Node | None":
        """Its first part of that name."""
        return next((part for part in self.parts if part.tag == tag), None)


class _Builder:
    def __init__(self, file: str) -> None:
        self.file, self.open, self.count = file, [Node("", 1)], 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = lambda _: self.open.pop()
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.buffer_text = True

    def _place(self) -> Place:
        return Place(self.file, self.parser.CurrentLineNumber)

    def _start(self, tag: str, _: object) -> None:
        self.count += 1
        if len(self.open) > _DEEPEST or self.count > _MOST_NODES:
            raise self._place().error("label_not_xml")
        node = Node(tag, self.parser.CurrentLineNumber)
        self.open[-1].parts.append(node)
        self.open.append(node)

    def _text(self, text: str) -> None:
        node = self.open[-1]
        if not node.parts:
            node.text += text

    def _doctype(self, *_: object) -> None:
        raise self._place().error("label_doctype")


def read_xml(file: str, data: bytes) -> Node:
    """The file's outermost element.

    Raises:
        InputError: not XML, cut short, too deep, or with a DOCTYPE; the line is named.
    """
    builder = _Builder(file)
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Place(file, error.lineno).error("label_not_xml") from None
    except InputError:
        raise
    except (LookupError, ValueError):  # an encoding that nobody knows, or of several bytes a letter
        raise Place(file, 1).error("label_encoding") from None
    return builder.open[0].parts[0]
