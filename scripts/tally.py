"""Counts what a reader of the source meets: lines by kind, files a page, controls told twice.

``python -m scripts.tally [FOLDER]`` prints a table of the checkout in FOLDER, this one by default.
A control is told twice where a page builds a Slider, Choice, Toggle or Hidden itself, beside the
model that its route is asked with.
"""

import argparse
import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scripts.install import ROOT

AREAS = ("engine", "pages", "tests", "scripts")
CONTROLS = {"Slider", "Choice", "Toggle", "Hidden"}
_LONG_FILE = 300


def files(root: Path, suffix: str) -> Iterator[Path]:
    """Every file of a kind in the areas of a checkout."""
    for area in AREAS:
        yield from sorted((root / area).rglob(f"*{suffix}"))
    if suffix == ".py":
        yield root / "streamlit_app.py"


def lines(path: Path) -> int:
    """How many lines a file has, blank ones too."""
    return len(path.read_text("utf-8").splitlines())


def built_controls(source: str) -> int:
    """How many controls a script builds by itself."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return sum(isinstance(c.func, ast.Name) and c.func.id in CONTROLS for c in calls)


def pages(root: Path) -> dict[str, list[Path]]:
    """The files of each page's screen, by the page's name; of a flat layout those that bear it."""
    if found := sorted((root / "pages").glob("*/*/page.py")):
        return {p.parent.name: _own(p.parent) for p in found}
    flat = [p for p in sorted((root / "pages").glob("*/*.py")) if p.parent.name != "ui"]
    names = [p.stem for p in flat if p.stem != "__init__"]
    everything = [*(root / "pages").rglob("*"), *(root / "assets").rglob("*")]
    return {n: [p for p in everything if p.is_file() and p.name.startswith(n)] for n in names}


def _own(folder: Path) -> list[Path]:
    return [p for p in folder.iterdir() if p.is_file()]


def tally(root: Path) -> dict[str, int | float]:
    """The figures of a checkout by what they count."""
    counts: Counter[str] = Counter()
    for kind, suffix in (("Python", ".py"), ("JavaScript", ".js")):
        for path in files(root, suffix):
            area = path.relative_to(root).parts[0]
            where = area if area in AREAS else "streamlit_app.py"
            counts[f"lines of {kind}, {where}"] += lines(path)
            counts[f"lines of {kind}"] += lines(path)
            counts[f"files of {kind} over {_LONG_FILE} lines"] += lines(path) > _LONG_FILE
    by_page = pages(root)
    scripts = [p for own in by_page.values() for p in own if p.suffix == ".py"]
    stage = root / "pages" / "ui" / "stage"
    return {
        **dict(sorted(counts.items())),
        "pages": len(by_page),
        "files a page, median": sorted(map(len, by_page.values()))[len(by_page) // 2],
        "scripts flat in pages/ui/stage": len(list(stage.glob("*.js"))),
        "controls that pages build beside their models": sum(
            built_controls(p.read_text("utf-8")) for p in scripts
        ),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT)
    for what, count in tally(parser.parse_args().folder.resolve()).items():
        print(f"{count:>8,}  {what}")


if __name__ == "__main__":
    main()
