"""Sees to it that there is a Chromium for the tests: python -m scripts.chromium.

The system's is taken where there is one, best without a window: that opens a page in half the time,
since no address bar is built that nobody sees. Root on Debian gets Debian's package, and the Korean
font that screenshots need; anybody else gets Playwright's own download. Without one, tests
that drive a browser cannot run: in CI (CI=true) that is a failure, elsewhere a word about it.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

COMMANDS = ("chromium-headless-shell", "chromium")
BROWSER = COMMANDS[0]  # Debian's package, called as its command
DEBIAN_PACKAGES = (BROWSER, "fonts-noto-cjk")


def find() -> str | None:
    """The path of the Chromium that tests are to start: on PATH, else Playwright's; else None."""
    on_path = [found for name in COMMANDS if (found := shutil.which(name))]
    if on_path:
        return on_path[0]
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def in_ci() -> bool:
    """Whether this is a CI run, where a missing browser is a failure."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def install_commands(
    missing: tuple[str, ...], is_found: bool, is_root: bool, is_debian: bool
) -> list[list[str]]:
    """The commands to run; `missing` are Debian's packages (of DEBIAN_PACKAGES) not installed."""
    if is_root and is_debian:
        wanted = [name for name in missing if name != BROWSER or not is_found]
        install = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
        return [["apt-get", "update"], install] if wanted else []
    if is_found:
        return []
    with_libraries = ["--with-deps"] if is_root and sys.platform == "linux" else []
    return [[sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]]


def _is_debian() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:  # not Linux
        return False


def _missing_on_debian() -> tuple[str, ...]:
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status}"]
    return tuple(
        name
        for name in DEBIAN_PACKAGES
        if subprocess.run([*query, name], capture_output=True, text=True).stdout != "installed"
    )


def main() -> str | int:
    """Installs what is missing; returns 0, or in CI the sentence that there is no browser."""
    is_root, is_debian = hasattr(os, "geteuid") and os.geteuid() == 0, _is_debian()
    missing = _missing_on_debian() if is_debian else DEBIAN_PACKAGES
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in install_commands(missing, find() is not None, is_root, is_debian):
        print("+", *command, flush=True)
        if subprocess.run(command, env=env, stdin=subprocess.DEVNULL).returncode != 0:
            print("That did not work; going on with what there is.", file=sys.stderr)
            break
    if find():
        return 0
    sentence = "There is no Chromium: install your system's package, `chromium`."
    if in_ci():
        return f"{sentence} In CI that is a failure."
    print(f"{sentence} Until then, tests that drive a browser cannot run.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
