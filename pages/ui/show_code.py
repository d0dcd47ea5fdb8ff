"""Show the code: the very engine function that ran, read from its module."""

import inspect
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.ui.words import label

_ROOT = Path(__file__).resolve().parents[2]


def show_code(*functions: Callable | type) -> None:
    """An expander with the source of each function and where it stands."""
    with st.expander(label("shared", "show_code"), icon=":material/code:"):
        for function in functions:
            target = inspect.unwrap(function)
            file = Path(inspect.getsourcefile(target) or "").relative_to(_ROOT)
            source, line = inspect.getsourcelines(target)
            st.caption(f"{file.as_posix()}:{line}")
            st.code("".join(source), language="python")
