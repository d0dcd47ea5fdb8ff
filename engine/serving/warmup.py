"""Imports and loads what the first request would otherwise wait for.

torch, torchvision and Captum take seconds to import; a thread begins with that while the first
page is on its way to the browser. Every route works without it, only later.
"""

import gc
import logging
import threading
import time

log = logging.getLogger(__name__)


def start_warmup(after_s: float = 0.0) -> threading.Thread:
    """Start the warm-up in the background and return its thread.

    Args:
        after_s: how long to leave the processor to the first page; its stage asks for a network
            as soon as it is painted, and whoever asks first imports what is missing.
    """
    thread = threading.Thread(target=_warm_up, args=(after_s,), name="fovea-warm-up", daemon=True)
    thread.start()
    return thread


def _warm_up(after_s: float) -> None:
    """Load the default network and classify one picture, so that every import is done."""
    time.sleep(after_s)
    from engine.errors import InputError
    from engine.pictures import sample
    from engine.serving.classify.compute import classify_picture
    from engine.serving.readings import read_picture

    try:
        classify_picture(sample("chelsea").pixels, "mobilenet_v2")
        read_picture(sample("chelsea"), "mobilenet_v2")
        import captum.attr  # noqa: F401
    except InputError as error:
        log.warning("the default network is not at hand: %s", error)
    finally:
        _settle_memory()


def _settle_memory() -> None:
    """Leave what has been imported out of every later garbage collection.

    Streamlit collects all generations after each run of a script. Torch and its companions bring
    about a million objects that live as long as the process; walking them made an empty rerun take
    340 ms instead of 40, and no request is answered meanwhile.
    """
    gc.collect()
    gc.freeze()
