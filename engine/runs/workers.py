"""Worker processes: one run at a time on each device, the others wait their turn.

What is queued and what runs is in the runs' folders, so that a new server goes on where a killed
one was, and two servers on one folder do not get in each other's way. Workers are sessions of their
own: they outlive the server. One a device is kept warm, with torch imported, waiting on its
standard input for the paths of runs. Imports no torch.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from filelock import FileLock

from engine.errors import InputError
from engine.runs import state
from engine.runs.folder import Run, list_folders, runs_root
from engine.runs.limits import Applicant, Limits, check_disk, check_waiting, read_limits
from engine.runs.writing import read_json, report_disk, write_json

log = logging.getLogger(__name__)

_ENGINE_PARENT = Path(__file__).resolve().parents[2]
_LOCK_FILE = ".workers.lock"
_TICK_S = 0.3
_REST_S = 5.0
_WARM_S = 1800.0
_TERMINATE_AFTER_S, _KILL_AFTER_S = 20.0, 40.0
TRIES_BEGUN, TRIES_HANDED = 1, 3  # of a run whose worker was lost while it trained, or before


class Workers:
    """Starts, queues and stops the training of runs.

    Args:
        root: the runs; by default :func:`engine.runs.folder.runs_root`.
        devices: one run at a time on each; "" is what ``choose_device`` chooses.
        limits: by default those of the environment.
    """

    def __init__(
        self,
        root: Path | None = None,
        devices: tuple[str, ...] = ("",),
        limits: Limits | None = None,
    ) -> None:
        self.root = root or runs_root()
        self.devices = devices
        self.limits = limits or read_limits()
        self._workers: dict[str, subprocess.Popen[bytes]] = {}  # by device, at work or waiting
        self._handed: dict[int, Path] = {}  # by a worker's number, the run it was given last
        self._tries: Counter[Path] = Counter()  # how often a run was taken up again by itself
        self._addresses: dict[Path, str] = {}  # of runs that wait or are under way
        self._warm_until = 0.0
        self._lock = threading.Lock()
        self._woken, self._closing = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to look after the queue, in a thread."""
        self._thread = threading.Thread(target=self._look_after, name="workers", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops looking after the queue; a run under way goes on, warm workers end."""
        self._closing.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            running = self.running()
            for device, worker in self._workers.items():
                _dismiss(worker, at_work=device in running)
            self._workers.clear()

    def expect(self) -> None:
        """Someone may press Train soon: keeps a worker warm for the next half hour."""
        self._warm_until = time.monotonic() + _WARM_S
        self._woken.set()

    def check_room(self, applicant: Applicant, more: int = 1) -> None:
        """Whether somebody may queue so many more runs.

        Raises:
            InputError: too many wait, or the disk is full.
        """
        check_waiting(self.root, applicant, self.limits, self._addresses, more)
        check_disk(self.root, self.limits)

    def submit(self, run: Run, address: str = "") -> None:
        """Queues a run; it is trained, or taken up again, when its turn comes.

        Args:
            run: whose.
            address: of the network, from which it is queued; kept in memory only.

        Raises:
            InputError: it is being trained, its owner has too many waiting, or the disk is full.
        """
        if state.worker_alive(run.folder):
            raise InputError("run_busy", 409, name=run.name)
        self.check_room(Applicant(run.owner, run.visitor, address))
        if address:
            self._addresses[run.folder] = address
        write_json(run.folder / state.QUEUE_FILE, {"time": time.time()})
        self.expect()

    def cancel(self, run: Run) -> None:
        """Takes a run out of the queue, or has it stop after the step it is at."""
        state.ask_to_stop(run.folder)
        self._woken.set()

    def queued(self) -> list[Path]:
        """The folders of the runs that wait, the longest first."""
        waiting = []
        for folder in list_folders(self.root):
            if (folder / state.QUEUE_FILE).exists():
                found = state.read_state(folder)
                if found.status == "queued":
                    waiting.append((found.queued_at or 0.0, folder))
        return [folder for _, folder in sorted(waiting)]

    def running(self) -> dict[str, Path]:
        """Device → the folder of the run that is trained there now."""
        every = list_folders(self.root)
        return {state.worker_device(f): f for f in every if state.worker_alive(f)}

    def tick(self) -> bool:
        """Starts what can be started; returns whether anything runs or waits.

        Raises:
            InputError: the disk refuses.
        """
        with self._lock, self._alone():
            self._reap()
            running, queue = self.running(), self.queued()
            self._forget_addresses({*running.values(), *queue})
            _press(running)
            for device in self.devices:
                if device not in running and queue and not self._is_dying(device):
                    folder = queue.pop(0)
                    self._launch(device, folder)
                    running[device] = folder
            self._keep_warm(set(self.devices) - set(running))
            return bool(running or queue)

    def _forget_addresses(self, needed: set[Path]) -> None:
        for folder in self._addresses.keys() - needed:
            del self._addresses[folder]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Among all servers on these runs, one at a time decides what to start."""
        lock = FileLock(self.root / _LOCK_FILE)
        with report_disk(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _is_dying(self, device: str) -> bool:
        """Whether the device's worker was killed but is not gone: what it is told would be lost.

        Its first thread is a zombie while others still hold its files open.
        """
        worker = self._workers.get(device)
        return worker is not None and state.start_moment(worker.pid) is None

    def _launch(self, device: str, folder: Path) -> None:
        """Hands a run to the worker that waits, or to a new one if there is none."""
        worker = self._workers.get(device) or start_worker(device)
        self._workers[device] = worker
        self._handed[worker.pid] = folder
        state.write_worker(folder, worker.pid, device)
        (folder / state.QUEUE_FILE).unlink(missing_ok=True)
        (folder / state.STOP_FILE).unlink(missing_ok=True)
        assert worker.stdin is not None
        try:
            worker.stdin.write(f"{folder.resolve()}\n".encode())
            worker.stdin.flush()
        except BrokenPipeError:  # it died just now: the run waits for the next one
            (folder / state.WORKER_FILE).unlink(missing_ok=True)
            write_json(folder / state.QUEUE_FILE, {"time": time.time()})

    def _keep_warm(self, idle: set[str]) -> None:
        """A waiting worker for each idle device, as long as someone may want it."""
        wanted = idle if time.monotonic() < self._warm_until else set()
        for device in wanted - set(self._workers):
            self._workers[device] = start_worker(device)
        for device in (idle & set(self._workers)) - wanted:
            _dismiss(self._workers.pop(device))

    def _reap(self) -> None:
        """Lets go of workers that ended, so that they do not stay as zombies."""
        ended = [device for device, each in self._workers.items() if each.poll() is not None]
        for device in ended:
            worker = self._workers.pop(device)
            _dismiss(worker)
            if folder := self._handed.pop(worker.pid, None):
                self._take_up_again(folder)

    def _take_up_again(self, folder: Path) -> None:
        """A run that lost its worker without a word goes on, once; one never begun, some times."""
        worker = read_json(folder / state.WORKER_FILE)
        if worker is None or (folder / state.END_FILE).exists():
            return  # it came to its end, or was deleted
        if (folder / state.STOP_FILE).exists() or (folder / state.QUEUE_FILE).exists():
            return
        most = TRIES_BEGUN if worker.get("training") else TRIES_HANDED
        if self._tries[folder] < most:
            self._tries[folder] += 1
            write_json(folder / state.QUEUE_FILE, {"time": time.time()})

    def _look_after(self) -> None:
        while not self._closing.is_set():
            try:
                busy = self.tick()
            except InputError:
                busy = False  # the disk refuses: each run's own state says so; try again later
            except Exception:  # no fault may end the queue for everybody
                log.exception("the queue of trainings met a fault and goes on")
                busy = False
            self._woken.wait(_TICK_S if busy else _REST_S)
            self._woken.clear()


def _press(running: Mapping[str, Path]) -> None:
    """Workers that were asked to stop long ago are ended; they may hang in a single step."""
    for folder in running.values():
        try:
            age = time.time() - (folder / state.STOP_FILE).stat().st_mtime
        except FileNotFoundError:
            continue
        pid = state.worker_pid(folder)
        if pid is None or age <= _TERMINATE_AFTER_S:
            continue
        with suppress(psutil.NoSuchProcess):
            worker = psutil.Process(pid)
            worker.kill() if age > _KILL_AFTER_S else worker.terminate()


def start_worker(device: str = "") -> subprocess.Popen[bytes]:
    """A process that imports torch, then waits on its standard input for the paths of runs.

    It trains one after the other and ends when its input does; it is nice (10) to those who look
    at pages.
    """
    environment = {**os.environ, **thread_settings()}
    if device:
        environment["FOVEA_DEVICE"] = device
    return subprocess.Popen(
        [sys.executable, "-m", "engine.train", "--warm"],
        cwd=_ENGINE_PARENT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def thread_settings() -> dict[str, str]:
    """Environment of a worker: one thread a core but one, which is left to the pages;
    threads that wait sleep, since spinning would take the core from others.

    ``FOVEA_TRAIN_THREADS`` sets another number.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    threads = os.environ.get("FOVEA_TRAIN_THREADS", "").strip() or str(max(1, cores - 1))
    return {"OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads, "OMP_WAIT_POLICY": "PASSIVE"}


def _dismiss(worker: subprocess.Popen[bytes], at_work: bool = False) -> None:
    """Ends a worker by ending its input; one that is at work ends after its run."""
    if worker.stdin is not None:
        with suppress(BrokenPipeError):  # it died with a path unread
            worker.stdin.close()
    if at_work:
        return
    try:
        worker.wait(timeout=2)
    except subprocess.TimeoutExpired:  # still importing
        worker.kill()
        worker.wait()
