"""What a page asks the engine, and what it may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx2
import numpy as np

from engine.wire.visitors import Caller


@dataclass(frozen=True)
class Question:
    """One request: a path below ``/api/v1/``, what is asked, what is sent along."""

    method: str
    path: str
    params: Mapping[str, object] = field(default_factory=dict)
    lang: str = "en"
    json: Any = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        """The parameters as a stage writes them: nothing where there is none."""
        given = {name: value for name, value in self.params.items() if value is not None}
        return {n: str(v).lower() if isinstance(v, bool) else str(v) for n, v in given.items()}


@dataclass(frozen=True)
class Answer:
    """``arrays`` by name, and the facts that came with them; of a JSON answer all is facts."""

    about: Any = None
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """A fact by its name."""
        return self.about[name]


class Refused(Exception):
    """The engine gave no answer: what was wrong with the question, or with the engine.

    Attributes:
        sentence: for the reader, in their language.
        status: HTTP's; 503 where the engine is not there.
    """

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


class Engine(Protocol):
    """Who answers: the engine's process, or in tests the same app within this one."""

    def send(self, question: Question, caller: Caller, wait_s: float) -> httpx2.Response:
        """The engine's answer, whatever its status.

        Args:
            question: what is asked.
            caller: on whose behalf.
            wait_s: how long to wait for an engine that is being started.

        Raises:
            Refused: it cannot be reached.
        """
        ...
