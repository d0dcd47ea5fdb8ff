"""The machine and the versions, in words: a number without them says nothing."""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("streamlit", "torch", "torchvision", "captum", "opencv-python-headless", "Pillow")


def describe_machine(chromium: str | None = None) -> str:
    """Three lines: processor, memory and GPU; versions; how busy the machine was just now."""
    processor = f"{_cpu_name()}, {usable_cores()} cores, {_memory_gib():.0f} GiB"
    versions = [f"Python {platform.python_version()}", *(f"{p} {version(p)}" for p in PACKAGES)]
    if chromium:
        versions.append(f"Chromium {chromium}")
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return "\n".join(
        [
            f"Machine: {processor}; {_gpu_name()}; {platform.system()} {platform.machine()}",
            f"Versions: {', '.join(versions)}",
            f"Load before (1, 5, 15 min): {busy}",
        ]
    )


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu_name() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    if platform.system() == "Darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _gpu_name() -> str:
    """Asked in a process of its own: importing torch here would cost the runs that follow."""
    code = "from engine.device import *; d = choose_device(); print(d.type, describe_device(d))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    kind, _, words = run.stdout.strip().partition(" ")
    return words if kind in ("cuda", "mps") else "no GPU"
