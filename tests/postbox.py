"""A real SMTP receiver for tests."""

import socket
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class Postbox:
    """Keeps what it takes, and says what a test tells it to say."""

    def __init__(self):
        self.mails = []
        self.answers = []
        self.port = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - named by the server
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append((envelope.rcpt_tos, envelope.content))
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("gone@"):
            return "550 5.1.1 no such user"
        if address.startswith("later@"):
            return "451 4.3.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def receiving(port=None):
    """Listen on a port, or on one of its own, for as long as the block lasts."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
