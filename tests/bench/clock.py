"""Timing functions of the engine side by side, on the CPU and on a GPU."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

import torch

from tests.bench.numbers import ms, p50, p95

LEAST = 5  # runs of each, however slow
BUDGET_S = 10.0  # for all variants of one case together, beyond the least
HEAD = ("algorithm", "device", "n", "p50 ms", "p95", "naive", "÷", "peer", "÷", "naive; peer")


@dataclass(frozen=True)
class Case:
    """One algorithm, its naive form and somebody else's, doing the same work.

    Attributes:
        title: what is computed.
        ours: computes it once.
        naive: the plainest way, by its name.
        peer: another library's way, by its name.
    """

    title: str
    ours: Callable[[], object]
    naive: tuple[str, Callable[[], object]] | None = None
    peer: tuple[str, Callable[[], object]] | None = None


def devices() -> list[torch.device]:
    """The CPU, and the GPU where there is one."""
    gpu = [torch.device("cuda")] if torch.cuda.is_available() else []
    return [torch.device("cpu"), *gpu]


def clock(
    variants: Mapping[str, Callable[[], object]], samples: int, device: torch.device
) -> dict[str, list[float]]:
    """Milliseconds of each variant, run in turn so that a drift of the machine meets all.

    Each is run once before; then ``samples`` times, fewer (but 5) where that takes too long.
    """
    times: dict[str, list[float]] = {name: [] for name in variants}
    for run in variants.values():
        run()
    begun = perf_counter()
    for round_ in range(max(samples, LEAST)):
        if round_ >= LEAST and perf_counter() - begun > BUDGET_S:
            break
        for name, run in variants.items():
            _wait_for(device)
            before = perf_counter()
            run()
            _wait_for(device)
            times[name].append((perf_counter() - before) * 1000)
    return times


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def row(case: Case, device: torch.device, samples: int) -> list[str]:
    """A case measured, as a row under :data:`HEAD`; ÷ says how many times faster ours is."""
    others = {"naive": case.naive, "peer": case.peer}
    variants = {"ours": case.ours} | {k: other[1] for k, other in others.items() if other}
    times = clock(variants, samples, device)
    ours = p50(times["ours"])
    cells = [case.title, device.type, str(len(times["ours"])), ms(ours), ms(p95(times["ours"]))]
    for name in others:
        if name in times:
            other = p50(times[name])
            cells += [
                ms(other),
                f"{other / ours:.2g}" if other < 10 * ours else f"{other / ours:.0f}",
            ]
        else:
            cells += ["–", "–"]
    return [*cells, "; ".join(other[0] if other else "–" for other in others.values())]
