"""A test's process without a network: what reaches beyond this machine fails the test."""

from __future__ import annotations

import socket
from typing import Any

import pytest


def cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every name that is not this machine's."""
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def only_here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"asked for the network: {address}")
        connect(self, address)

    def only_names_here(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in (None, "", "127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"asked for the network: {host}")
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", only_here)
    monkeypatch.setattr(socket, "getaddrinfo", only_names_here)
