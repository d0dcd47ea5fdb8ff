"""The frame around every page: pictures, language and link in one row below the navigation."""

import streamlit as st
from streamlit.components.v2 import component

from pages.ui.engine.state import show_engine_state
from pages.ui.links import from_link, put_in_link
from pages.ui.picture_picker import show_notice, show_picker
from pages.ui.words import LANGUAGES, label, language

_COPY_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  button.textContent = data.label
  button.onclick = async () => {
    const link = location.href
    if (navigator.clipboard) await navigator.clipboard.writeText(link)
    else {
      const field = document.createElement("textarea") // plain http: no clipboard interface
      field.value = link
      document.body.append(field)
      field.select()
      document.execCommand("copy")
      field.remove()
    }
    button.textContent = data.done
    setTimeout(() => { button.textContent = data.label }, 1500)
  }
}
"""
_COPY_CSS = """
button { font: inherit; color: inherit; background: var(--st-background-color); cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
  padding: 0 12px; height: 2.5rem; white-space: nowrap; }
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""
_copy = component(
    "fovea_copy_link",
    html='<button type="button" data-testid="copy-link"></button>',
    css=_COPY_CSS,
    js=_COPY_JS,
)
# Korean breaks between words, not inside them, unless a browser is told nothing.
_WORDS_STAY_WHOLE = """<style>
:lang(ko):lang(ko):lang(ko) { word-break: keep-all; overflow-wrap: break-word }
</style>"""


def settle_language() -> None:
    """The language of this run: what was chosen, else the link's, else the browser's."""
    if "lang" not in st.session_state:
        asked = from_link("lang")
        browser = (st.context.locale or "en")[:2]
        known = [lang for lang in (asked, browser) if lang in LANGUAGES]
        st.session_state.lang = known[0] if known else "en"
    put_in_link({"lang": language()})


def show_frame(page: str) -> None:
    """The row of controls that belong to the whole app."""
    st.html(_WORDS_STAY_WHOLE)
    with st.container(horizontal=True, vertical_alignment="center", key="frame"):
        show_picker(page)
        st.space("stretch")
        st.segmented_control(
            "Language · 언어",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=language(),
            required=True,
            key="frame_language",
            on_change=_choose_language,
            label_visibility="collapsed",
        )
        _copy(
            key="copy_link",
            data={"label": label("shared", "copy_link"), "done": label("shared", "copy_link_done")},
            width="content",
        )
    show_engine_state()
    show_notice()


def _choose_language() -> None:
    st.session_state.lang = st.session_state.frame_language
