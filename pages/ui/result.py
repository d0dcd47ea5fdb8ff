"""What the engine found, in words, as soon as it has found it; the page is up meanwhile."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from engine.progress import Progress
from pages.ui.engine import Answer, Refused, ask
from pages.ui.engine.client import is_coming
from pages.ui.words import label

LOOK_AGAIN_S = 1.0
_AWAY = 503

Params = Mapping[str, object]


def when_answered(
    path: str,
    params: Params,
    show: Callable[[Answer], None],
    say_refusal: Callable[[str], object] = st.error,
    is_there: Callable[[Answer], bool] = lambda _: True,
) -> None:
    """Show the engine's answer, or what is wrong with the question, or that it is not there yet.

    An answer that is on its way is looked for again, and the page runs anew when it has come.

    Args:
        path: below ``/api/v1/``, as a stage's source is.
        params: what is asked.
        show: puts the answer into words.
        say_refusal: shows why there is none.
        is_there: whether an answer has what ``show`` needs; until it has, nothing is said of it.
    """
    try:
        answer = ask(path, params)
    except Refused as refused:
        if refused.status != _AWAY:
            say_refusal(refused.sentence)
            return
        _look_again(path, dict(params), refused.sentence, is_there)
        return
    if isinstance(answer, Answer) and is_there(answer):
        show(answer)
    if not _is_whole(answer, is_there):
        sentence = label("shared", "result_coming") if is_coming(answer) else ""
        _look_again(path, dict(params), sentence, is_there)


def _is_whole(found: Answer | Progress[Any], is_there: Callable[[Answer], bool]) -> bool:
    return isinstance(found, Answer) and not is_coming(found) and is_there(found)


@st.fragment(run_every=LOOK_AGAIN_S)
def _look_again(
    path: str, params: dict[str, object], sentence: str, is_there: Callable[[Answer], bool]
) -> None:
    try:
        coming = not _is_whole(ask(path, params, patience_s=0), is_there)
    except Refused as refused:
        coming = refused.status == _AWAY
    if not coming:
        st.rerun()
    if sentence:
        st.caption(sentence)
