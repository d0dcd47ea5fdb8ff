"""What the engine found, in words, as soon as it has found it; the page is up meanwhile."""

from collections.abc import Callable, Mapping

import streamlit as st

from pages.ui.engine import Answer, Progress, Refused, ask
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
    if isinstance(answer, Progress):
        _look_again(path, dict(params), label("shared", "result_coming"), is_there)
    elif not is_there(answer):
        _look_again(path, dict(params), "", is_there)
    else:
        show(answer)


@st.fragment(run_every=LOOK_AGAIN_S)
def _look_again(
    path: str, params: dict[str, object], sentence: str, is_there: Callable[[Answer], bool]
) -> None:
    try:
        found = ask(path, params, patience_s=0)
        coming = isinstance(found, Progress) or not is_there(found)
    except Refused as refused:
        coming = refused.status == _AWAY
    if not coming:
        st.rerun()
    if sentence:
        st.caption(sentence)
