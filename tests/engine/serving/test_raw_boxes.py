"""Detectors look one at a time, and at all pictures that wait where they can."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Semaphore

import numpy as np
import pytest

from engine.detection.detectors import detect
from engine.errors import InputError
from engine.pictures import sample
from engine.progress import Progress
from engine.serving import batching
from engine.serving import raw_boxes as house


def test_detectors_look_one_at_a_time_and_say_how_far_they_are() -> None:
    with house._looking:  # another detector is at work
        first = house.raw_boxes(sample("rocket"), "haar_smile", wait_s=0.01)
        assert isinstance(first, Progress)
    found = house.raw_boxes_now(sample("rocket"), "haar_smile")
    assert found.size == sample("rocket").pixels.shape[:2]
    assert house.raw_boxes(sample("rocket"), "haar_smile", wait_s=0) is found  # kept
    with pytest.raises(InputError, match="no detector called"):
        house.raw_boxes_now(sample("rocket"), "nobody")


def test_a_detector_that_can_looks_at_all_pictures_that_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["camera", "chelsea", "coffee", "astronaut"]
    come, request = Semaphore(0), batching._Request

    def noted(item: np.ndarray) -> batching._Request:
        come.release()
        return request(item)

    monkeypatch.setattr(batching, "_Request", noted)
    with ThreadPoolExecutor(len(names)) as threads:
        with house._looking:  # another detector is at work
            asked = [threads.submit(house.look_now, sample(n).pixels, "nanodet") for n in names]
            assert all(come.acquire(timeout=120) for _ in names)
            wait(asked, timeout=0.5)  # and each stands in the queue
            assert not any(each.done() for each in asked)
        seen = [each.result() for each in asked]
    assert len({raw.ms for raw in seen}) <= 2  # the first may begin alone, the others come together
    for name, raw in zip(names, seen, strict=True):
        assert raw.size == sample(name).pixels.shape[:2]
        best = detect("nanodet", sample(name).pixels, 0.4, 0.6).to_dicts()[0]
        assert raw.found.class_names[raw.found.labels[0]] == best["label"]
