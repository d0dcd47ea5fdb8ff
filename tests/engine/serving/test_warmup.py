"""The warm-up leaves the default network ready and its imports out of garbage collection."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CHECK = """
import gc, sys
assert "torch" not in sys.modules
from engine.serving.warmup import start_warmup
assert "torch" not in sys.modules, "the warm-up's module itself must be light"
start_warmup().join(120)
from engine.nets.residence import residence
assert residence().list_names() == ["mobilenet_v2"]
assert "captum.attr" in sys.modules
frozen = gc.get_freeze_count()
assert frozen > 100_000, frozen
assert len(gc.get_objects()) < frozen / 10
print("warm")
"""


def test_in_a_process_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "warm", done.stderr
