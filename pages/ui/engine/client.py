"""Asks the engine what a page says in words: the same answers as the stage gets.

A page asks in its own thread and waits for a moment; an answer that takes longer is a value too
(:class:`Progress`). What the engine says of an input that it cannot use, and that it cannot be
reached, is a :class:`Refused` with a sentence for the reader.
"""

import time
from collections.abc import Mapping
from functools import cache
from secrets import token_urlsafe
from typing import Any

import httpx2
import streamlit as st

from engine.errors import InputError
from engine.progress import Progress
from engine.wire.arrays import HEADER, unpack
from engine.wire.visitors import COOKIE, Caller, visitors
from pages.ui.engine.originals import originals
from pages.ui.engine.over_http import EngineOverHttp
from pages.ui.engine.place import place
from pages.ui.engine.question import Answer, Engine, Question, Refused
from pages.ui.words import language

PATIENCE_S = 1.5  # of a page's run, which the reader waits for
STARTING_WAITS_S = 0.3  # of that, for an engine that is not there: the page says so and goes on
SENDING_WAITS_S = 30.0  # what is sent once may wait for an engine that starts
LOCAL = "127.0.0.1"
_FIRST_REST_S, _LONGEST_REST_S = 0.02, 0.2
_TOKEN_BYTES = 16


@cache
def engine() -> Engine:
    """Who answers the pages of this process; tests put another in its place."""
    return EngineOverHttp(place(), originals())


def ask(
    path: str, params: Mapping[str, object] | None = None, patience_s: float | None = None
) -> Answer | Progress[Any]:
    """What the engine answers, or after a moment how far it is, or the parts that are there.

    Args:
        path: below ``/api/v1/``, as a stage's source is.
        params: what is asked; None values are left out.
        patience_s: how long to wait, by default :data:`PATIENCE_S`.

    Raises:
        Refused: with a sentence in the reader's language.
    """
    question = Question("GET", path, params or {}, language())
    deadline = time.monotonic() + (PATIENCE_S if patience_s is None else patience_s)
    rest_s = _FIRST_REST_S
    while True:
        left_s = deadline - time.monotonic()
        answer = engine().send(question, caller(), max(0.0, min(left_s, STARTING_WAITS_S)))
        told = answer.json() if answer.status_code == 202 else {}
        found = Progress(told["done"], told["total"]) if told else _read(answer)
        if not is_coming(found) or left_s <= rest_s or told.get("starting"):
            return found
        time.sleep(rest_s)
        rest_s = min(2 * rest_s, _LONGEST_REST_S)


def is_coming(found: Answer | Progress[Any]) -> bool:
    """Whether the engine is still at it, or at parts of it."""
    if isinstance(found, Progress):
        return True
    return isinstance(found.about, dict) and bool(found.about.get("unfinished"))


def send(
    method: str,
    path: str,
    params: Mapping[str, object] | None = None,
    content: bytes | None = None,
    json: Any = None,
) -> Answer:
    """Send the engine something once: a file, something to begin or to forget.

    Raises:
        Refused: with a sentence in the reader's language.
    """
    question = Question(method, path, params or {}, language(), json, content)
    return _read(engine().send(question, caller(), SENDING_WAITS_S))


def _read(answer: httpx2.Response) -> Answer:
    if answer.status_code >= 400:
        raise Refused(_sentence(answer), answer.status_code)
    if HEADER in answer.headers:
        arrays, about = unpack(answer.content, answer.headers[HEADER])
        return Answer(about, arrays)
    return Answer(answer.json() if answer.content else None)


def _sentence(answer: httpx2.Response) -> str:
    """The engine's own; a proxy between the two may have spoken in its place."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return InputError("server_fault", status=500).sentence(language())


def keep_picture(data: bytes, name: str) -> Answer:
    """Give the engine a picture's file under a new token, and keep the file for its next start.

    Returns:
        As ``POST /v1/pictures``: ``token``, ``height_px``, ``width_px``, ``notes``, ``keep_s``.

    Raises:
        Refused: it is no picture, or too large a one.
    """
    token = token_urlsafe(_TOKEN_BYTES)
    stored = send("PUT", f"pictures/{token}", {"name": name}, data)
    address = place().address
    started = address.started if address else ""
    originals().keep(token, data, name, stored["keep_s"], started)
    return stored


def forget_picture(token: str) -> None:
    """Have a picture forgotten at once, here and there.

    Raises:
        Refused: the engine cannot be reached.
    """
    originals().forget(token)
    send("DELETE", f"pictures/{token}")


def caller() -> Caller:
    """Whom this session belongs to, by the cookie that came with its page."""
    address = st.context.ip_address or LOCAL  # Streamlit says nothing of this machine's own
    return Caller(visitors().read(st.context.cookies.get(COOKIE)), address)
