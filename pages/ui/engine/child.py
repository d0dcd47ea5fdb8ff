"""The engine as a child of the screen: started, watched, started again when it dies.

It is a session of its own, so that Ctrl+C in a terminal reaches the screen alone, which then ends
the engine by ending its standard input; so does a screen that is killed with -9. Its log comes
line by line through the screen's, marked.
"""

import json
import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from engine.errors import InputError
from pages.ui.engine.place import Address, Place

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "engine.serving")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 30.0
STEADY_S = 60.0  # one that lived that long is started again at once
START_S = 60.0  # how long it may take to say where it is
END_S = 6.0  # how long it may take to end
TIRES_AFTER = 4  # starts in a row that came to nothing: no longer a trouble that passes by itself
_STANDARD_ERROR = 2  # the descriptor: sys.stderr may be replaced or closed meanwhile
_ROOT = Path(__file__).resolve().parents[3]


class EngineChild:
    """Keeps one engine running beside this process.

    Args:
        place: told where it is.
        command: what to start; replaced in tests.
    """

    def __init__(self, place: Place, command: Sequence[str] = COMMAND) -> None:
        self._place = place
        self._command = list(command)
        self._secret = secrets.token_urlsafe(32)
        self._process: subprocess.Popen[bytes] | None = None
        self._closing = threading.Event()
        self._lock = threading.Lock()  # no start while closing
        self._thread = threading.Thread(target=self._keep_running, name="engine", daemon=True)

    @property
    def pid(self) -> int | None:
        """The engine's process, while there is one."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Begin to look after it."""
        self._thread.start()

    def close(self) -> None:
        """End it, first kindly."""
        with self._lock:
            self._closing.set()
        process = self._process
        if process is not None:
            _end(process)
        self._thread.join()

    def _keep_running(self) -> None:
        pause_s, failures = FIRST_PAUSE_S, 0
        while not self._closing.is_set():
            begun = time.monotonic()
            process = self._launch()
            if process is None:
                return
            answered = self._wait_for_address(process)
            code = process.wait()
            _close_input(process)
            if self._closing.is_set():
                return
            failures = 0 if answered else failures + 1
            if time.monotonic() - begun > STEADY_S:
                pause_s = FIRST_PAUSE_S
            log.error("the engine ended (%s); it is started again in %.1f s", code, pause_s)
            key = "engine_fails" if failures >= TIRES_AFTER else "engine_restarting"
            self._place.fails(InputError(key, status=503), passing=failures < TIRES_AFTER)
            self._closing.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _launch(self) -> subprocess.Popen[bytes] | None:
        """A new engine; None where there is to be none any more."""
        with self._lock:
            if self._closing.is_set():
                return None
            self._process = subprocess.Popen(
                self._command,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        threading.Thread(
            target=_pass_on_log, args=(self._process.stderr,), name="engine-log", daemon=True
        ).start()
        return self._process

    def _environment(self) -> dict[str, str]:
        paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
        found = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUNBUFFERED": "1"}
        return {**os.environ, **found, "FOVEA_ENGINE_SECRET": self._secret}

    def _wait_for_address(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it said where it is, in time."""
        impatient = threading.Timer(START_S, process.kill)
        impatient.daemon = True
        impatient.start()
        assert process.stdout is not None
        line = process.stdout.readline()
        impatient.cancel()
        process.stdout.close()
        with suppress(ValueError, KeyError):
            said = json.loads(line)
            url = f"http://127.0.0.1:{said['port']}"
            self._place.answers(Address(url, self._secret, said["started"], said["contract"]))
            return True
        return False


def _pass_on_log(stream: IO[bytes]) -> None:
    """Each line of the engine's log, marked, among the screen's own.

    Read to its end even where nothing can be written: a full pipe would stop the engine.
    """
    with stream:
        for line in stream:
            with suppress(OSError):
                os.write(_STANDARD_ERROR, b"engine: " + line)


def _close_input(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    _close_input(process)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
