"""Fovea: the pages and the API in one server (``streamlit run streamlit_app.py``).

Kept free of heavy imports: torch is loaded by the warm-up thread while the first page is painted.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.routing import Mount

from engine.serving.api import api
from engine.serving.no_delay import send_at_once
from engine.serving.training import looked_after
from engine.serving.warmup import start_warmup
from pages.ui.stage_files import STAGE_PATH, stage_files

FIRST_PAGE_S = 2.0  # a browser that opens at once has its page by then
# Streamlit serves its own routes under the base path; ours must stand beside them.
BASE = st.get_option("server.baseUrlPath").strip("/")
PREFIX = f"/{BASE}" if BASE else ""


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Start what the mounted API needs: its own lifespan does not run here."""
    send_at_once()
    start_warmup(FIRST_PAGE_S)
    with looked_after():
        yield


app = st.App(
    "pages/navigation.py",
    routes=[Mount(f"{PREFIX}/api", api), Mount(f"{PREFIX}{STAGE_PATH}", stage_files())],
    lifespan=lifespan,
)
