"""Which hosts a server answers for, and from which origins it takes requests.

DNS rebinding and cross-site posts are the two attacks meant (OWASP, "Cross-Site Request Forgery
Prevention": verify the origin with standard headers). Streamlit checks hosts for its WebSocket
only, so what stands beside it must look after itself.
"""

import os
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from engine.errors import InputError

DEFAULT_HOSTS = ("localhost", "127.0.0.1", "::1")


def allowed_hosts() -> tuple[str, ...]:
    """Host names that requests may be addressed to; ``FOVEA_ALLOWED_HOSTS`` adds to the defaults.

    The variable holds names separated by commas; ``*.class.example`` stands for all names below
    it, and ``*`` alone for every host, as in Streamlit's own setting.
    """
    return (*DEFAULT_HOSTS, *_listed("FOVEA_ALLOWED_HOSTS"))


def language_of(headers: Headers) -> str:
    """ "ko" where the reader prefers Korean (``Accept-Language``), else "en"."""
    return "ko" if headers.get("accept-language", "").lower().startswith("ko") else "en"


def error_response(error: InputError, headers: Headers) -> JSONResponse:
    """An :class:`InputError` as ``{"detail": sentence}`` in the reader's language."""
    detail = error.sentence(language_of(headers))
    return JSONResponse({"detail": detail}, status_code=error.status)


def check_host(headers: Headers) -> None:
    """Refuses a request that is addressed to a name this server does not go by.

    Raises:
        InputError: (421) the host is not among :func:`allowed_hosts`.
    """
    name = _host_name(headers.get("host", ""))
    if not any(fnmatchcase(name, pattern.lower()) for pattern in allowed_hosts()):
        raise InputError("host_not_allowed", status=421, host=name[:80] or "?")


def check_origin(headers: Headers) -> None:
    """Refuses a request that a page of another site sends, be it with an image tag.

    A browser states where a request comes from: with ``Origin`` where it posts or reads the answer,
    with ``Sec-Fetch-Site`` always (W3C, "Fetch Metadata Request Headers"). Programs such as curl
    state neither. Origins of a proxy that rewrites the Host header are named in
    ``FOVEA_ALLOWED_ORIGINS`` (commas).

    Raises:
        InputError: (403) the origin is another's.
    """
    origin = headers.get("origin")
    if origin is None:
        site = headers.get("sec-fetch-site", "none")
        if site not in ("same-origin", "none"):
            raise InputError("origin_not_allowed", status=403, origin=f"? ({site[:20]})")
        return
    parts = urlsplit(origin)
    same = parts.scheme in ("http", "https") and parts.netloc == headers.get("host")
    if not same and origin not in _listed("FOVEA_ALLOWED_ORIGINS"):
        raise InputError("origin_not_allowed", status=403, origin=origin[:80])


def _listed(variable: str) -> list[str]:
    names = os.environ.get(variable, "").split(",")
    return [name.strip() for name in names if name.strip()]


def _host_name(host: str) -> str:
    """``localhost:8501`` → ``localhost``, ``[::1]:8501`` → ``::1``."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
