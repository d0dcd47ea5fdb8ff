"""The run's folder itself: made, found, listed, read, deleted. Imports no torch."""

import os
import platform
import re
import shutil
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.runs.writing import read_json, report_disk, write_json
from engine.train.settings import RunSettings, settings_from_dict

FORMAT = 1
RUN_FILE, OWNER_FILE = "run.json", "owner.json"
_PACKAGES = ("torch", "torchvision", "numpy", "safetensors")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MOST_RUNS = 10_000


@dataclass(frozen=True)
class Run:
    """What run.json says.

    Attributes:
        folder: where it lies; its last part is the run's name.
        settings: all that the training depends on.
        created: seconds since 1970.
        versions: "python", "torch", … → version it was made with.
        parent: of a fork, "run", "epoch", "step"; else None.
        owner: SHA-256 of the owner's token; None: made from the command line.
        visitor: SHA-256 of whom a trusted screen knew its owner as; None where there was none.
    """

    folder: Path
    settings: RunSettings
    created: float
    versions: dict[str, str]
    parent: dict[str, Any] | None
    owner: str | None
    visitor: str | None

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


def runs_root() -> Path:
    """Where runs lie: ``FOVEA_RUNS``, else ``runs`` beside the engine."""
    wanted = os.environ.get("FOVEA_RUNS", "").strip()
    return Path(wanted).expanduser() if wanted else Path(__file__).resolve().parents[2] / "runs"


def create_run(
    settings: RunSettings,
    root: Path | None = None,
    name: str | None = None,
    owner: str | None = None,
    parent: dict[str, Any] | None = None,
    visitor: str | None = None,
) -> Run:
    """Makes the folder of a new run.

    Args:
        settings: of the run.
        root: where; by default :func:`runs_root`.
        name: by default network, data set and the next number.
        owner, parent, visitor: see :class:`Run`.

    Raises:
        InputError: the name is taken or not one, or the disk refuses.
    """
    root = root or runs_root()
    with report_disk(root):
        root.mkdir(parents=True, exist_ok=True)
        folder = _make_named(root, name) if name else _make_numbered(root, settings)
        (folder / "checkpoints").mkdir()
    run = Run(folder, settings, time.time(), _versions(), parent, owner, visitor)
    if owner or visitor:  # twice: a run whose run.json is damaged can still be deleted
        write_json(folder / OWNER_FILE, {"owner": owner, "visitor": visitor})
    write_json(
        folder / RUN_FILE,
        {
            "format": FORMAT,
            "created": run.created,
            "versions": run.versions,
            "parent": parent,
            "owner": owner,
            "visitor": visitor,
            "settings": settings.to_dict(),
        },
    )
    return run


def _make_named(root: Path, name: str) -> Path:
    check_name(name)
    try:
        (root / name).mkdir()
    except FileExistsError:
        raise InputError("run_name_taken", name=name) from None
    return root / name


def _make_numbered(root: Path, settings: RunSettings) -> Path:
    """Whoever makes the folder first has the number: two processes never share one."""
    data = re.sub(r"[^A-Za-z0-9]+", "-", settings.data.name).strip("-")[:30] or "data"
    stem = f"{settings.net.name.replace('_', '-')}-{data}".lower()
    for number in range(1, _MOST_RUNS):
        folder = root / f"{stem}-{number:04d}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise InputError("runs_too_many", limit=_MOST_RUNS)


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{p: metadata.version(p) for p in _PACKAGES}}


def check_name(name: str) -> None:
    """Raises InputError unless ``name`` can be a run's: no path, nothing hidden."""
    if not _NAME.fullmatch(name):
        raise InputError("run_name_bad", name=name[:60])


def find_run(name: str, root: Path | None = None) -> Run:
    """The run of that name.

    Raises:
        InputError: there is none, or its run.json cannot be used.
    """
    check_name(name)
    return read_run((root or runs_root()) / name)


def read_run(folder: Path) -> Run:
    """The run in a folder.

    Raises:
        InputError: there is no run, or its run.json cannot be used; nothing is changed.
    """
    if not (folder / RUN_FILE).is_file():
        raise InputError("run_unknown", 404, name=folder.name)
    values = read_json(folder / RUN_FILE)
    if values is None or "settings" not in values:
        raise InputError("run_json_damaged", name=folder.name)
    if values.get("format") != FORMAT:
        shown = str(values.get("format"))[:20]
        raise InputError("run_format", name=folder.name, found=shown, known=FORMAT)
    created, versions = values.get("created"), values.get("versions")
    parent, owner = values.get("parent"), values.get("owner")
    visitor = values.get("visitor")
    return Run(
        folder=folder,
        settings=settings_from_dict(values["settings"]),
        created=float(created) if isinstance(created, int | float) else 0.0,
        versions=versions if isinstance(versions, dict) else {},
        parent=parent if isinstance(parent, dict) else None,
        owner=owner if isinstance(owner, str) else None,
        visitor=visitor if isinstance(visitor, str) else None,
    )


def list_folders(root: Path | None = None) -> list[Path]:
    """The folders that hold a run.json, readable or not, by name."""
    root = root or runs_root()
    if not root.is_dir():
        return []
    return sorted(each.parent for each in root.glob(f"*/{RUN_FILE}"))


def folder_bytes(folder: Path) -> int:
    """Bytes in all files below a folder; files that vanish meanwhile count for nothing."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_size
            except FileNotFoundError:
                continue
    return total


def delete_run(folder: Path) -> None:
    """Removes a run's folder and all in it.

    Raises:
        InputError: it is no run, it is being trained, or the disk refuses.
    """
    from engine.runs.state import worker_alive

    if not (folder / RUN_FILE).is_file():
        raise InputError("run_unknown", 404, name=folder.name)
    if worker_alive(folder):
        raise InputError("run_busy", 409, name=folder.name)
    with report_disk(folder):
        shutil.rmtree(folder)
