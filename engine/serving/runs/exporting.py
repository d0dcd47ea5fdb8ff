"""Exports, each written by a process of its own.

torch.onnx and torch.export trace a network by patching ``nn.Module.__call__`` for the whole
process; in the server that would reach into every forward pass that runs meanwhile.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from engine.errors import InputError
from engine.progress import Progress
from engine.runs.checkpoints import find_checkpoint
from engine.runs.folder import Run
from engine.serving.jobs import jobs

_ROOT = Path(__file__).resolve().parents[3]
_TICK_S = 0.1


def export_file(run: Run, form: str, epoch: int | None) -> Path | None:
    """The exported file; None while it is being written.

    Args:
        run: whose network.
        form: "onnx" or "torch".
        epoch: epochs done at the checkpoint; None for the last.

    Raises:
        InputError: no such checkpoint, or the export was refused.
    """
    checkpoint = find_checkpoint(run.folder, epoch)
    key = ("export", str(checkpoint.path), form)
    found = jobs().ask(key, lambda: _export(run.folder, form, checkpoint.epoch), is_elsewhere=True)
    return found if isinstance(found, Path) else None


def _export(folder: Path, form: str, epoch: int) -> Iterator[Progress[Path]]:
    command = [sys.executable, "-m", "engine.runs", "export", str(folder)]
    process = subprocess.Popen(
        [*command, "--format", form, "--epoch", str(epoch)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while process.poll() is None:
            yield Progress(0, 1)
            time.sleep(_TICK_S)
    finally:
        if process.poll() is None:  # nobody asks any more
            process.kill()
        said, complaint = process.communicate()
    if process.returncode:
        reason = (complaint.strip().splitlines() or ["?"])[-1][:300]
        raise InputError("export_refused", 422, reason=reason)
    yield Progress(1, 1, Path(said.strip().splitlines()[-1]))
