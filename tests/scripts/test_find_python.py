"""Which interpreter makes the environment, and the sentence where none can."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "find_python.sh"
BROKEN = "broken"  # a version manager's stub: there, and fails


def find(folder: Path, pythons: dict[str, str], wished: str = "") -> subprocess.CompletedProcess:
    """Runs the script where PATH holds these interpreters only: name to version."""
    for name, version in pythons.items():
        python = folder / name
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f"#!/bin/sh\necho {version}\n" if version != BROKEN else "exit 127\n")
        python.chmod(0o755)
    return subprocess.run(
        [shutil.which("sh") or "sh", str(SCRIPT)],
        cwd=folder,
        env={"PATH": str(folder), "PYTHON": wished} if wished else {"PATH": str(folder)},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("pythons", "wished", "found"),
    [
        ({"python3": "3.11"}, "", "python3"),
        ({"python3": "3.14", "python3.12": "3.12"}, "", "python3"),
        ({"python3": "3.9", "python3.12": "3.12", "python3.13": "3.13"}, "", "python3.13"),
        ({"python3": "3.10", "python3.13": BROKEN, "python3.11": "3.11"}, "", "python3.11"),
        ({"python3": BROKEN, "python3.12": "3.12"}, "", "python3.12"),
        ({"python3": "3.15", "python3.12": "3.12"}, "", "python3.12"),  # has tested wheels
        ({"python3": "3.15"}, "", "python3"),  # better tried than refused
        ({"python3": "3.8", ".venv/bin/python": "3.12"}, "", ".venv/bin/python"),
        ({"python3": "3.13", "python3.11": "3.11"}, "python3.11", "python3.11"),
        ({"python3": "3.13", "a b/python": "3.12"}, "a b/python", "a b/python"),
    ],
)
def test_finds(tmp_path: Path, pythons: dict[str, str], wished: str, found: str):
    run = find(tmp_path, pythons, wished)
    assert (run.stdout, run.stderr, run.returncode) == (f"{found}\n", "", 0)


@pytest.mark.parametrize(
    ("pythons", "wished", "here"),
    [
        ({}, "", "python3 does not run"),
        ({"python3": BROKEN}, "", "python3 does not run"),
        ({"python3": "3.9"}, "", "python3 is 3.9"),
        (
            {"python3": "3.9", ".venv/bin/python": "3.8"},
            "",
            "python3 is 3.9, .venv/bin/python is 3.8",
        ),
        ({"python3": "2.7"}, "", "python3 is 2.7"),
        ({"python3": "3.13", "old": "3.10"}, "./old", "./old is 3.10"),
        ({"python3": "3.13"}, "/nowhere/python", "/nowhere/python does not run"),
    ],
)
def test_says_what_is_wrong_and_what_is_accepted(
    tmp_path: Path, pythons: dict[str, str], wished: str, here: str
):
    run = find(tmp_path, pythons, wished)
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.startswith(f"Fovea needs Python 3.11 or newer; here {here}.\n")
    assert "make run PYTHON=" in run.stderr


def test_make_stops_with_that_sentence(tmp_path: Path):
    for name in ("Makefile", "scripts"):
        (tmp_path / name).symlink_to(SCRIPT.parents[1] / name)
    environment = {key: os.environ[key] for key in os.environ if not key.startswith("MAKE")}
    run = subprocess.run(
        ["make", "run", "PYTHON=/nowhere/python"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert "/nowhere/python does not run" in run.stderr
    assert not (tmp_path / ".venv").exists()
