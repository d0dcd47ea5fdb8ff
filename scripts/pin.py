"""Writes constraints.txt: the versions in .venv of all that pyproject.toml needs, near and far.

Run it (make pin) after the suite has passed with newer versions installed: what it writes was
tested. Packages that happen to be in .venv without being needed are left out.
"""

import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.install import ROOT, requirements

HEADER = """\
# The exact versions that Fovea is tested with, of what pyproject.toml names and of all that those
# need in turn; written by `make pin`. pip takes from it only what a platform wants (cuda-*,
# nvidia-* and triton are for Linux).
"""


def closure(lines: list[str]) -> dict[str, str]:
    """Name to installed version of the required packages and of everything that those require.

    `lines` are requirements as in pyproject.toml. Raises PackageNotFoundError where one is not
    installed; requirements whose marker rules this platform out are passed over.
    """
    versions: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(line), "") for line in lines]
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        found = distribution(wanted.name)
        versions[canonicalize_name(wanted.name)] = found.version
        for each in ("", *wanted.extras):
            if (wanted.name, each) not in seen:
                seen.add((wanted.name, each))
                waiting += [(Requirement(line), each) for line in found.requires or []]
    return versions


def text(versions: dict[str, str]) -> str:
    """constraints.txt as it is written, sorted by name."""
    return HEADER + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))


def main(root: Path = ROOT) -> str | int:
    """Writes the file; returns 0, or the sentence that something is not installed."""
    try:
        versions = closure(requirements(root, dev=True))
    except PackageNotFoundError as error:
        return f"{error.name} is not installed: run make setup-dev, then again."
    (root / "constraints.txt").write_text(text(versions), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
