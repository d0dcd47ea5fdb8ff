"""The engine's algorithms against their naive form and against somebody else's, in one run."""

from tests.bench.numbers import table


def run(samples: int) -> str:
    """Measure every case ``samples`` times (fewer where it is slow): two tables."""
    from tests.bench import clock
    from tests.bench.batch_sizes import measure_batches
    from tests.bench.cases_detection import detection_cases
    from tests.bench.cases_nets import net_cases
    from tests.bench.cases_pictures import picture_cases
    from tests.bench.cases_segmentation import segmentation_cases

    rows = [clock.row(case, clock.devices()[0], samples) for case in picture_cases()]
    for device in clock.devices():
        for cases in (net_cases, detection_cases, segmentation_cases):
            rows += [clock.row(case, device, samples) for case in cases(device)]
    notes = "÷: how many times the time of ours (the first p50) it takes."
    return table("Algorithms", clock.HEAD, rows, notes) + "\n" + measure_batches(samples)
