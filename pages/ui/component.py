"""Streamlit's components, given data that Streamlit does not look through for tables.

Of a dictionary Streamlit 1.67 asks every value whether it is a table, in every run, and imports
pandas to know: 0.4 s of the first page and 60 MB that nothing here needs. A list it sends as it is.
"""

from collections.abc import Callable
from typing import Any

from streamlit.components import v2

_TAKE_OUT = "export default (component) => shown({ ...component, data: component.data[0] })\n"


def component(name: str, *, html: str, js: str, css: str | None = None) -> Callable[..., Any]:
    """As :func:`streamlit.components.v2.component`.

    Args:
        name: of the component, once in the app.
        html: what it begins with.
        js: a module that begins with ``export default function``; its component has ``data`` as
            the page gave it.
        css: of its own shadow.

    Returns:
        What puts it on a page: takes ``data`` and whatever Streamlit's own takes besides.

    Raises:
        ValueError: the module exports nothing of that form.
    """
    head, found, body = js.partition("export default function")
    if not found:
        raise ValueError(f"{name}: its script exports no function as its default")
    mount = v2.component(name, html=html, css=css, js=f"{head}function shown{body}\n{_TAKE_OUT}")

    def show(*, data: Any, **settings: Any) -> Any:
        return mount(data=[data], **settings)

    return show
