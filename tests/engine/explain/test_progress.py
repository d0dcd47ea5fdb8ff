import pytest

from engine.progress import Progress, finish, timed


@pytest.mark.parametrize("steps", [[], [Progress(1, 2)]])
def test_work_without_a_result_is_an_error(steps):
    with pytest.raises(ValueError, match="without a result"):
        finish(steps)


def test_finish_returns_the_last_result():
    assert finish(iter([Progress(1, 2), Progress(2, 2, "map")])) == "map"


def test_the_clock_stands_still_while_the_caller_works(monkeypatch):
    clock_s = [100.0]
    monkeypatch.setattr("time.perf_counter", lambda: clock_s[0])

    def steps():
        for done in (1, 2):
            clock_s[0] += 0.25
            yield Progress(done, 2)

    times_ms = []
    for _, ms in timed(steps()):
        times_ms.append(ms)
        clock_s[0] += 60  # the caller draws
    assert times_ms == [250, 500]
