"""Where the tests' browser comes from, and that CI fails without one."""

import sys
from pathlib import Path

import pytest

from scripts import chromium

NOTHING: tuple[str, ...] = ()
BOTH = chromium.DEBIAN_PACKAGES
APT = ["apt-get", "install", "-y", "--no-install-recommends"]
PLAYWRIGHT = [sys.executable, "-m", "playwright", "install"]


@pytest.mark.parametrize(
    ("missing", "is_found", "is_root", "is_debian", "last_command"),
    [
        (NOTHING, True, True, True, None),
        (BOTH, False, True, True, [*APT, "chromium-headless-shell", "fonts-noto-cjk"]),
        (("fonts-noto-cjk",), True, True, True, [*APT, "fonts-noto-cjk"]),
        (BOTH, True, True, True, [*APT, "fonts-noto-cjk"]),  # a Chromium from elsewhere
        (BOTH, True, False, True, None),
        (BOTH, True, True, False, None),
        (BOTH, False, False, True, [*PLAYWRIGHT, "chromium"]),
        (BOTH, False, False, False, [*PLAYWRIGHT, "chromium"]),
    ],
)
def test_install_commands(
    missing: tuple[str, ...],
    is_found: bool,
    is_root: bool,
    is_debian: bool,
    last_command: list[str] | None,
):
    commands = chromium.install_commands(missing, is_found, is_root, is_debian)
    assert commands[-1:] == ([last_command] if last_command else [])
    if last_command and last_command[0] == "apt-get":
        assert commands[0] == ["apt-get", "update"]


def test_root_elsewhere_gets_the_libraries_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "linux")
    (command,) = chromium.install_commands(BOTH, is_found=False, is_root=True, is_debian=False)
    assert command == [*PLAYWRIGHT, "--with-deps", "chromium"]


def test_the_one_on_path_is_taken_best_without_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("chromium", "chromium-headless-shell"):
        browser = tmp_path / name
        browser.write_text("#!/bin/sh\n")
        browser.chmod(0o755)
        assert chromium.find() == str(browser)


@pytest.mark.parametrize(
    ("ci", "is_failure"),
    [(None, False), ("", False), ("false", False), ("true", True), ("1", True)],
)
def test_no_chromium_is_a_failure_in_ci_only(
    ci: str | None,
    is_failure: bool,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
):
    monkeypatch.delenv("CI", raising=False)
    if ci is not None:
        monkeypatch.setenv("CI", ci)
    failing = [sys.executable, "-c", "raise SystemExit(3)"]
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr(chromium, "install_commands", lambda *_: [failing, ["never reached"]])
    result = chromium.main()
    said = capfd.readouterr().err
    assert "That did not work" in said
    if is_failure:
        assert result == (
            "There is no Chromium: install your system's package, `chromium`. "
            "In CI that is a failure."
        )
    else:
        assert result == 0
        assert "tests that drive a browser cannot run" in said


def test_what_was_installed_is_found(monkeypatch: pytest.MonkeyPatch):
    answers = iter([None, "/usr/bin/chromium"])
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(chromium, "find", lambda: next(answers))
    monkeypatch.setattr(chromium, "install_commands", lambda *_: [[sys.executable, "-c", ""]])
    assert chromium.main() == 0
