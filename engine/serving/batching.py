"""Concurrent requests to one network, answered in one forward pass.

A GPU answers eight pictures almost as fast as one. Two CPU cores do not: batches above four cost
more memory traffic than they save (``make bench`` prints the measurement), so the batch is capped.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

MAX_BATCH_CPU = 4  # measured by `make bench` on two cores
MAX_BATCH_CUDA = 32

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def max_batch() -> int:
    """The most items for one pass on the chosen device."""
    from engine.device import choose_device

    return MAX_BATCH_CUDA if choose_device().type == "cuda" else MAX_BATCH_CPU


@dataclass
class _Request:
    item: Any
    answer: Future = field(default_factory=Future)


class Batcher(Generic[Item, Answer]):
    """Gathers items from many threads and hands them to ``run`` together.

    Whoever comes first starts at once: nobody waits for a batch to fill. What arrives while a
    batch is running makes up the next one.

    Args:
        run: answers a list of items, one answer an item, in order.
        max_batch: the most items handed over at once.
    """

    def __init__(self, run: Callable[[Sequence[Item]], Sequence[Answer]], max_batch: int) -> None:
        self._run = run
        self._max_batch = max_batch
        self._waiting: queue.SimpleQueue[_Request] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="fovea-batches", daemon=True).start()

    def __call__(self, item: Item) -> Answer:
        """Answer for one item; blocks until its batch has run, and raises what ``run`` raised."""
        request = _Request(item)
        self._waiting.put(request)
        return request.answer.result()

    def _serve(self) -> None:
        while True:
            self._answer(self._gather())

    def _gather(self) -> list[_Request]:
        batch = [self._waiting.get()]
        while len(batch) < self._max_batch:
            try:
                batch.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return batch

    def _answer(self, batch: list[_Request]) -> None:
        try:
            answers = self._run([request.item for request in batch])
        except BaseException as error:
            for request in batch:
                request.answer.set_exception(error)
            return
        for request, answer in zip(batch, answers, strict=True):
            request.answer.set_result(answer)
