"""What is typed after `make` reaches the programs behind it, through the shell and all."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from streamlit.web.cli import main_run

ROOT = Path(__file__).resolve().parent.parent
READ_BY_MAKE = ("PORT", "HOST", "ALLOWED_HOSTS", "BASE_PATH", "PYTHON", "ARGS")
SET_BY_MAKE = ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "FOVEA_ALLOWED_HOSTS")

# Stands for every interpreter: says its version, makes no environment, and shows what it was given.
SHOWING_PYTHON = """#!/bin/sh
case "$1" in
-c) echo 3.11 ;;
scripts/install.py) echo "installs $*" ;;
*) for each in "$@"; do printf 'given %s\\n' "$each"; done
   printf 'hosts %s\\n' "${FOVEA_ALLOWED_HOSTS-unset}" ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the Makefile and an interpreter that only shows what it was given."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "find_python.sh", tmp_path / "scripts")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(SHOWING_PYTHON)
    python.chmod(0o755)
    return tmp_path


def make(clone: Path, *arguments: str, **environment: str) -> str:
    """Output of make in `clone`, away from the variables of a make that runs these tests."""
    kept = {key: os.environ[key] for key in os.environ if key not in READ_BY_MAKE + SET_BY_MAKE}
    run = subprocess.run(
        ["make", *arguments, "PYTHON=.venv/bin/python"],
        cwd=clone,
        env=kept | environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def given(output: str) -> list[str]:
    """The arguments that the interpreter was started with, last of all."""
    return re.findall(r"^given (.*)$", output, re.MULTILINE)


def server_of(output: str) -> dict[str, object]:
    """What Streamlit's own command line makes of the arguments, without the options not given."""
    arguments = given(output)
    assert arguments[:3] == ["-m", "streamlit", "run"]
    params = main_run.make_context("run", arguments[3:]).params
    assert params.pop("target") == "streamlit_app.py"
    assert params.pop("args") == ()
    return {key: value for key, value in params.items() if value not in (None, ())}


@pytest.mark.parametrize(
    ("typed", "server", "hosts"),
    [
        ("", {"server_port": 8501, "browser_serverAddress": "localhost"}, "unset"),
        (
            "PORT=8600 BASE_PATH=/fovea",
            {
                "server_port": 8600,
                "server_baseUrlPath": "/fovea",
                "browser_serverAddress": "localhost",
            },
            "unset",
        ),
        (
            "HOST=192.168.1.5",
            {
                "server_port": 8501,
                "server_address": "192.168.1.5",
                "server_allowedHosts": ("localhost", "127.0.0.1", "192.168.1.5"),
                "browser_serverAddress": "192.168.1.5",
            },
            "localhost,127.0.0.1,192.168.1.5",
        ),
        (
            "HOST=0.0.0.0 ALLOWED_HOSTS=*.class.example,10.0.0.5",
            {
                "server_port": 8501,
                "server_address": "0.0.0.0",
                "server_allowedHosts": ("localhost", "127.0.0.1", "*.class.example", "10.0.0.5"),
                "browser_serverAddress": "localhost",
            },
            "localhost,127.0.0.1,*.class.example,10.0.0.5",
        ),
        (
            "ALLOWED_HOSTS=*",
            {
                "server_port": 8501,
                "server_allowedHosts": ("localhost", "127.0.0.1", "*"),
                "browser_serverAddress": "localhost",
            },
            "localhost,127.0.0.1,*",
        ),
    ],
)
def test_run_hands_its_variables_on(clone: Path, typed: str, server: dict[str, object], hosts: str):
    output = make(clone, "run", *typed.split())
    assert server_of(output) == server
    assert f"hosts {hosts}\n" in output


@pytest.mark.parametrize(
    ("exported", "address"),
    [
        ({}, None),
        ({"HOST": ""}, None),
        ({"HOST": "x86_64-conda-linux-gnu"}, None),  # conda's compilers export it
        ({"HOST": "laptop"}, None),  # and so does tcsh
        ({"HOST": "cafe"}, None),  # digits of IPv6, but no address
        ({"HOST": "localhost"}, "localhost"),
        ({"HOST": "10.0.0.5"}, "10.0.0.5"),
        ({"HOST": "::"}, "::"),
    ],
)
def test_host_comes_from_the_environment_only_as_an_address(
    clone: Path, exported: dict[str, str], address: str | None
):
    assert server_of(make(clone, "run", **exported)).get("server_address") == address


def test_port_comes_from_the_environment_and_the_command_line_wins(clone: Path):
    assert server_of(make(clone, "run", PORT="8700"))["server_port"] == 8700
    assert server_of(make(clone, "run", "PORT=8600", PORT="8700"))["server_port"] == 8600


@pytest.mark.parametrize(
    ("typed", "is_told"),
    [
        ("", False),
        ("HOST=10.0.0.5", False),
        ("HOST=0.0.0.0", True),
        ("HOST=::", True),
        ("HOST=0.0.0.0 ALLOWED_HOSTS=class.example", False),
    ],
)
def test_who_opens_every_address_is_told_to_name_this_machine(
    clone: Path, typed: str, is_told: bool
):
    assert ("ALLOWED_HOSTS=<its name" in make(clone, "run", *typed.split())) is is_told


@pytest.mark.parametrize(
    ("target", "installs", "runs"),
    [
        ("run", "scripts/install.py", "streamlit run"),
        (
            "test",
            "scripts/install.py --dev",
            "pytest -n 2 --dist loadfile --no-loadscope-reorder -k two words",
        ),
        ("bench", "scripts/install.py --dev", "tests.bench -k two words"),
        ("format", "scripts/install.py --dev", "biome format --write"),
        ("hooks", "scripts/install.py --dev", "pre_commit install"),
        ("pin", "scripts/install.py --dev", "scripts.pin"),
    ],
)
def test_a_target_installs_what_it_needs_and_then_runs(
    clone: Path, target: str, installs: str, runs: str
):
    output = make(clone, target, 'ARGS=-k "two words"')
    assert f"installs {installs}\n" in output
    assert runs in " ".join(given(output))


@pytest.mark.parametrize("target", ["test", "bench"])
def test_browser_targets_see_to_a_chromium_first(clone: Path, target: str):
    arguments = " ".join(given(make(clone, target)))
    assert arguments.startswith("-m scripts.chromium -m ")


def test_check_runs_every_check(clone: Path):
    linter = clone / ".venv" / "bin" / "lint-imports"
    linter.write_text("#!/bin/sh\necho given lint-imports\n")
    linter.chmod(0o755)
    arguments = " ".join(given(make(clone, "check")))
    checks = ("ruff check .", "ruff format --check .", "pyright", "lint-imports", "test_texts")
    of_scripts = (
        "biome check --error-on-warnings",
        "tsc -p .",
        "tsc -p pages/ui/stage",
        "tsc -p tests/js",
    )
    for check in (*checks, *of_scripts):
        assert check in arguments


def test_clean_keeps_the_environment_and_distclean_does_not(clone: Path):
    caches = [clone / ".pytest_cache", clone / "engine" / "__pycache__"]
    kept = [clone / ".venv" / "lib" / "__pycache__", clone / "node_modules" / "one", clone / "runs"]
    for each in [*caches, *kept]:
        each.mkdir(parents=True)
    make(clone, "clean")
    assert not any(each.exists() for each in caches)
    assert (clone / ".venv" / "lib" / "__pycache__").is_dir()
    assert (clone / "node_modules" / "one").is_dir()
    make(clone, "distclean")
    assert not (clone / ".venv").exists()
    assert not (clone / "node_modules").exists()
    assert (clone / "runs").is_dir()  # what a learner trained


def test_plain_make_only_tells_what_there_is(clone: Path):
    output = make(clone)
    for target in ("run", "test", "check", "format", "bench", "hooks", "pin", "clean", "distclean"):
        assert f"make {target}" in output
    assert given(output) == []
