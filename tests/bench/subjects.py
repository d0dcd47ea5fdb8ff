"""What is measured: every listed page, and the control that its docstring calls its main one.

A page's docstring says ``Main control: <name>``; the name ends at the first comma or full stop and
is the name of one of the stage's controls, with spaces or underscores.
"""

import ast
import re
from dataclasses import dataclass, replace

from pages.ui.chapters import CHAPTERS, url_path
from tests.browser.fixtures import ROOT

_MAIN = re.compile(r"^Main control: ([a-z][a-z0-9_ ]*?)\s*[,.:;]", re.MULTILINE)


@dataclass(frozen=True)
class Subject:
    """A page: its stem, its file below ``pages/``, and its main control.

    ``query`` opens it in another state than its first; ``state`` says which.
    """

    stem: str
    file: str
    main_control: str
    query: str = ""
    state: str = ""

    @property
    def address(self) -> str:
        """Path of the page on the server."""
        return f"/{url_path(self.stem)}{self.query}"


def main_control(docstring: str) -> str:
    """The control's name, with underscores.

    Raises:
        ValueError: the docstring names none, or more than one.
    """
    found = _MAIN.findall(docstring)
    if len(found) != 1:
        raise ValueError(
            f"'Main control: <name>,' must stand once at the beginning of a line: {found}"
        )
    return found[0].replace(" ", "_")


def subjects() -> list[Subject]:
    """Home, and the pages of all chapters in their order."""
    files = [("home", "start/home/page.py")]
    files += [(s, f"{chapter}/{s}/page.py") for chapter, stems in CHAPTERS.items() for s in stems]
    return [Subject(stem, file, main_control(_docstring(file))) for stem, file in files]


def crowded() -> Subject:
    """NMS with as many boxes on the screen as a detector may give: 2,000 of the people template."""
    nms = next(subject for subject in subjects() if subject.stem == "nms")
    query = "?pic=astronaut&detector=hog_people&score=0.05"
    return replace(nms, query=query, state=", 2,000 boxes")


def _docstring(file: str) -> str:
    text = (ROOT / "pages" / file).read_text(encoding="utf-8")
    return ast.get_docstring(ast.parse(text)) or ""
