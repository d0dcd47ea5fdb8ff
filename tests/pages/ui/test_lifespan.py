"""What the screen does when it starts and when it ends."""

import gc
from types import SimpleNamespace

import pytest

import streamlit_app
from tests.own_loop import run_apart


def test_what_was_imported_is_kept_out_of_every_collection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    keeper = SimpleNamespace(
        start=lambda: done.append("started"), close=lambda: done.append("closed")
    )
    monkeypatch.setattr(streamlit_app, "engine_keeper", lambda _: keeper)

    async def live() -> int:
        async with streamlit_app.lifespan(streamlit_app.app):
            pass
        return gc.get_freeze_count()

    frozen = gc.get_freeze_count()
    gc.unfreeze()
    try:
        assert run_apart(live) > 10_000
    finally:
        gc.unfreeze()
        if frozen:  # as the suite has it
            gc.freeze()
    assert done == ["started", "closed"]
