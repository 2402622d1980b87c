"""Answer requests until told to stop; what has been asked by then is answered still."""

import threading
import time
from collections.abc import Iterator
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

THREADS = 8
NOTICE = 1.0
"""Seconds between the word to stop and the closed door: balancers learn that we are not ready."""
STOP_WITHIN = 20.0
"""Seconds that requests in hand have from then on."""
LOOK = 0.1
"""Seconds between two looks at what is still in hand."""


class Server:
    """One HTTP server with its connections. It takes the port when it is made."""

    def __init__(self, app: Flask, host: str, port: int, scheme: str) -> None:
        self._sockets: dict[int, Any] = {}
        """Everything that is listened to: doors, connections, and what wakes the loop."""
        try:
            self._server = create_server(
                app,
                map=self._sockets,
                host=host,
                port=port,
                threads=THREADS,
                ident=None,
                url_scheme=scheme,
                clear_untrusted_proxy_headers=True,
            )
        except OSError:
            wasyncore.close_all(self._sockets, ignore_all=True)
            raise

    def run(self, stop: threading.Event) -> None:
        """Serve until the event is set, then finish: takes at most 21 seconds."""
        threading.Thread(target=self._wake_at, args=(stop,), daemon=True).start()
        while not stop.is_set():
            self._listen(30.0)
        self._listen_while(lambda: True, NOTICE)
        for door in list(self._of(BaseWSGIServer)):
            wasyncore.dispatcher.close(door)
        self._listen_while(self._has_work_in_hand, STOP_WITHIN)
        self._server.task_dispatcher.shutdown(timeout=LOOK)
        wasyncore.close_all(self._sockets, ignore_all=True)

    def _wake_at(self, stop: threading.Event) -> None:
        doors = list(self._of(BaseWSGIServer))
        stop.wait()
        for door in doors:
            door.pull_trigger()

    def _listen(self, seconds: float) -> None:
        """Read, write and accept whatever is ready within this time."""
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._sockets, count=1)

    def _listen_while(self, holds: Any, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and holds():
            self._listen(LOOK)

    def _has_work_in_hand(self) -> bool:
        """Tell whether a request is being received, done or answered; let resting clients go."""
        channels = list(self._of(HTTPChannel))
        for channel in channels:
            if not _is_busy(channel):
                channel.handle_close()
        return any(map(_is_busy, channels))

    def _of(self, kind: type) -> Iterator[Any]:
        return (socket for socket in list(self._sockets.values()) if isinstance(socket, kind))


def _is_busy(channel: Any) -> bool:
    return bool(channel.requests or channel.request or channel.total_outbufs_len)
