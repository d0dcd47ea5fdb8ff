"""The engine as the pages know it: where it is, the way through to it, and a client to ask it."""

from engine.progress import Progress
from pages.ui.engine.client import ask, forget_picture, keep_picture, send
from pages.ui.engine.question import Answer, Refused

__all__ = ["Answer", "Progress", "Refused", "ask", "forget_picture", "keep_picture", "send"]
