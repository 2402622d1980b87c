"""A wire between the engine and PostgreSQL that can be cut in every way a network knows."""

import select
import socket
import struct
import threading
import time
from contextlib import suppress

PIECE = 65_536
READY = b"Z\x00\x00\x00\x05I"
"""How a server says that no transaction is open any more."""
RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Passes bytes between a port of its own and the socket of a server; a thread for each line."""

    def __init__(self, server_socket):
        self._target = str(server_socket)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self._listener.getsockname()[1]
        self._lines = set()
        self._guard = threading.Lock()
        self._stalled_until = 0.0
        self._commits_to_cut = 0
        self.commits_cut = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Break every line at once, as a firewall that forgets; tell how many there were."""
        lines = self._living()
        for line in lines:
            line.broken.set()
        return len(lines)

    def half_close(self):
        """Tell every client that nothing more will come, while it may go on speaking."""
        lines = self._living()
        for line in lines:
            with suppress(OSError):
                line.client.shutdown(socket.SHUT_WR)
        return len(lines)

    def stall(self, seconds):
        """Pass nothing for a while, and tell nobody."""
        self._stalled_until = time.monotonic() + seconds

    def cut_after_commit(self):
        """Let the next COMMIT through and break its line before the answer."""
        with self._guard:
            self._commits_to_cut += 1

    def close(self):
        """Take no more lines, and wait until the last has come to its end."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        while self.cut():
            time.sleep(0.01)

    def is_stalled(self):
        return time.monotonic() < self._stalled_until

    def takes(self, said):
        """Tell whether the line of what was said is to be cut after the server has done it."""
        if b"COMMIT" not in said:
            return False
        with self._guard:
            taken = self._commits_to_cut > 0
            self._commits_to_cut -= taken
            self.commits_cut += taken
        return taken

    def end(self, line):
        with self._guard:
            self._lines.discard(line)

    def _living(self):
        with self._guard:
            return list(self._lines)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self._target)
            except OSError:
                client.close()
                server.close()
                continue
            line = Line(self, client, server)
            with self._guard:
                self._lines.add(line)
            threading.Thread(target=line.run, daemon=True).start()


class Line:
    """One connection of a client to the server."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self.broken = threading.Event()

    def run(self):
        try:
            while not self.broken.is_set() and self._pass():
                pass
        except OSError:
            pass
        finally:
            self._reset()
            self.proxy.end(self)

    def _pass(self):
        """Pass what there is; False when the line has come to its end."""
        ready, _, _ = select.select([self.client, self.server], [], [], 0.05)
        if self.proxy.is_stalled():
            time.sleep(0.02)
            return True
        for source in ready:
            said = source.recv(PIECE)
            if not said:
                return False
            if source is self.server:
                self.client.sendall(said)
                continue
            self.server.sendall(said)
            if self.proxy.takes(said):
                self._hear_out()
                return False
        return True

    def _hear_out(self):
        """Wait until the server has answered, and tell nobody what."""
        while select.select([self.server], [], [], 2)[0]:
            said = self.server.recv(PIECE)
            if not said or said.endswith(READY):
                return

    def _reset(self):
        for end in (self.client, self.server):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.close()
