"""Headers of Fovea's own, and those that tell a browser what an answer may do.

Between screen and engine: whoever knows the secret may say who the visitor is and under which host
and path the browser asked (``X-Forwarded-*``, as reverse proxies do). From anybody else these are
dropped at the edge.
"""

SECRET = "x-fovea-secret"
VISITOR = "x-fovea-visitor"  # who asks, as the edge has recognised them
ENGINE = "x-fovea-engine"  # of an answer in place of the one asked for: "starting" or "away"
OWN_PREFIX = "x-fovea-"

FORWARDED_HOST = "x-forwarded-host"
FORWARDED_PROTO = "x-forwarded-proto"
FORWARDED_PREFIX = "x-forwarded-prefix"
FORWARDED_FOR = "x-forwarded-for"
FORWARDED_NAMES = ("x-forwarded-", "forwarded")

# RFC 9110, 7.6.1: meant for one hop only.
HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)

# On every answer: a browser takes it for what it says it is, and tells no other site its address,
# which may hold a picture's token.
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
# An answer of the API is data: a browser that is led to show it runs and loads nothing.
API_POLICY = "default-src 'none'"
# Its description is a page of FastAPI's with a script and styles within it.
DOCS_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'"
)
