"""The benchmark: ``make bench``, or ``python -m tests.bench [part …] [--samples N]``.

It prints one table a topic, the target and whether it is met beside each number that has one, and
never fails because of a time: a busy machine is no fault of the code.
"""

import argparse
import time
from importlib import import_module

from tests.bench.machine import describe_machine
from tests.bench.serving import chromium

# Modules beside this one, imported when their turn comes: torch takes seconds, and memory.
PARTS = (
    "live", "controls", "passed_through", "start", "memory", "algorithms", "training", "busy",
    "crowded", "detectors", "accuracy", "goals",
)  # fmt: skip
APART = ("soak",)  # only where it is named: it takes ten minutes
SAMPLES = 48


def main() -> None:
    """Run the parts that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"of {', '.join((*PARTS, *APART))}"
    )
    parser.add_argument(
        "--samples", type=int, default=SAMPLES, help=f"measurements of each time ({SAMPLES})"
    )
    parser.add_argument("--minutes", type=float, default=10, help="that the soak takes (10)")
    asked = parser.parse_args()
    unknown = [part for part in asked.parts if part not in (*PARTS, *APART)]
    if unknown or asked.samples < 2:
        parser.error(f"parts are {', '.join((*PARTS, *APART))}; samples are at least 2")
    with chromium() as browser:
        print(describe_machine(browser.version))
    for part in asked.parts or PARTS:
        begun = time.monotonic()
        more = {"minutes": asked.minutes} if part in APART else {}
        print(import_module(f"tests.bench.{part}").run(asked.samples, **more), flush=True)
        print(f"({part}: {time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
