"""Answers that leave at once.

asyncio switches Nagle's algorithm off (RFC 896) only for sockets that were made with the protocol
number of TCP; Streamlit's listening socket is made without one. A small answer is then written as
headers and body, and the body waits up to 40 ms for the browser's delayed acknowledgement
(RFC 1122, 4.2.3.2) while a slider is dragged. Accepted sockets inherit the option from the one
that listens.
"""

import os
import socket
import stat
from pathlib import Path

_OPEN_FILES = Path("/dev/fd")


def send_at_once() -> int:
    """Switch Nagle's algorithm off for this process's TCP sockets; how many there were.

    Call it when the server's socket is bound and nobody has connected. Does nothing where the
    system does not list a process's open files (Windows).
    """
    if not _OPEN_FILES.is_dir():
        return 0
    return sum(_switch_off(int(entry)) for entry in os.listdir(_OPEN_FILES))


def _switch_off(number: int) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return False
        with socket.socket(fileno=os.dup(number)) as shared:
            is_internet = shared.family in (socket.AF_INET, socket.AF_INET6)
            if not is_internet or shared.type != socket.SOCK_STREAM:
                return False
            shared.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return True
    except OSError:  # the listing itself, or a file closed meanwhile
        return False
