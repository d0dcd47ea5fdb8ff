"""Show the code: the very engine function that ran, read from its module."""

import inspect
from pathlib import Path
from pkgutil import resolve_name

import streamlit as st

from pages.ui.words import label

_ROOT = Path(__file__).resolve().parents[2]


@st.fragment
def show_code(*names: str) -> None:
    """An expander with the source of each function or class and where it stands.

    Opening it runs nothing else of the page again.

    Args:
        names: as ``"engine.pictures.depth:quantise"``; imported when the expander is opened, so
            that a page need not wait for torch.
    """
    shown = st.expander(
        label("shared", "show_code"), icon=":material/code:", on_change="rerun", key="show_code"
    )
    if not shown.open:
        return
    for name in names:
        target = inspect.unwrap(resolve_name(name))
        file = Path(inspect.getsourcefile(target) or "").relative_to(_ROOT)
        source, line = inspect.getsourcelines(target)
        shown.caption(f"{file.as_posix()}:{line}")
        shown.code("".join(source), language="python")
