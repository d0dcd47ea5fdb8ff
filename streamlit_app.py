"""Fovea's screen: the pages, and the way through to the engine.

Started with ``streamlit run streamlit_app.py``.

The engine is a process of its own, started here as a child, or running elsewhere where
``FOVEA_ENGINE`` says; nothing here imports torch.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread

import streamlit as st
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.routing import Mount

from engine.wire.guard import MAX_BODY_BYTES, Guard
from engine.wire.in_flight import InFlight
from engine.wire.visitors import visitors
from pages.ui.engine.keeper import engine_keeper
from pages.ui.engine.no_delay import send_at_once
from pages.ui.engine.originals import originals
from pages.ui.engine.page_headers import PageHeaders
from pages.ui.engine.passage import Passage
from pages.ui.engine.place import place
from pages.ui.first_style import FirstStyle
from pages.ui.stage_files import STAGE_PATH, stage_files

# What people upload stays in memory, as is said; larger archives of own data sets go to a temporary
# file that is gone with the request.
MultiPartParser.spool_max_size = MAX_BODY_BYTES
LARGEST_BODY_BYTES = st.get_option("server.maxUploadSize") * 2**20 + MAX_BODY_BYTES
# Streamlit serves its own routes under the base path; ours must stand beside them.
BASE = st.get_option("server.baseUrlPath").strip("/")
PREFIX = f"/{BASE}" if BASE else ""
#: What every page imports, and what Streamlit imports for the first of some of its elements.
FIRST_NEEDED = ("pages.ui.page", "pages.ui.show_code", "streamlit.emojis")
passage = Passage(place(), originals(), PREFIX)


def _import_what_pages_need() -> None:
    """While the first browser loads Streamlit's scripts; 0.4 s that the first page had to wait."""
    for name in FIRST_NEEDED:
        import_module(name)
    # Streamlit collects garbage after every run of a script: 60 ms, where it goes through all that
    # was imported, and everyone waits. What is here now stays.
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """While the screen is up there is an engine."""
    send_at_once()
    keeper = engine_keeper(place())
    keeper.start()
    imports = Thread(target=_import_what_pages_need, name="fovea-imports", daemon=True)
    imports.start()
    try:
        yield
    finally:
        imports.join()
        await passage.close()
        keeper.close()


app = st.App(
    "pages/navigation.py",
    routes=[
        Mount(f"{PREFIX}/api", Guard(passage, visitors())),
        Mount(f"{PREFIX}{STAGE_PATH}", stage_files()),
    ],
    middleware=[
        Middleware(PageHeaders, visitors=visitors(), prefix=PREFIX),
        Middleware(FirstStyle, prefix=PREFIX),
        Middleware(InFlight, limit_bytes=lambda _: LARGEST_BODY_BYTES),
    ],
    lifespan=lifespan,
)
