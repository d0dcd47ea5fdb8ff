"""Sockets accepted by a listening socket of this process send at once."""

import os
import socket
import sys

import pytest

from pages.ui.engine.no_delay import send_at_once


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lists no open files")
def test_what_is_accepted_inherits_the_option() -> None:
    reader, writer = os.pipe()
    with socket.socket() as listening, socket.socket(type=socket.SOCK_DGRAM) as datagram:
        listening.bind(("127.0.0.1", 0))
        assert send_at_once() >= 1
        listening.listen()
        with socket.create_connection(listening.getsockname()) as client:
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                accepted.sendall(b"still open")
                assert client.recv(10) == b"still open"
        assert datagram.fileno() >= 0
    os.close(reader)
    os.close(writer)
