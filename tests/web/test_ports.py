"""Whoever cannot serve at an address reads what is the matter with it, and nothing else."""

import errno
import socket

import pytest

from web.commands import server

FORBIDDEN = "This account may not listen on 127.0.0.1:80. Choose a port from 1024 on with --port."


@pytest.mark.parametrize("host", ["nosuch.invalid", "203.0.113.5"])
def test_an_address_that_this_machine_does_not_have_is_said_in_one_line(handschlag, host):
    handschlag("migrate")

    told = f"This machine has no address {host}:8080. Choose another with --host.\n"
    assert handschlag("web", "--host", host, "--port", "8080") == (1, "", told)


def test_a_port_that_is_taken_is_said_in_one_line(handschlag):
    handschlag("migrate")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        told = f"127.0.0.1:{port} is taken by another program. Choose another with --port.\n"
        assert handschlag("web", "--port", str(port)) == (1, "", told)


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied"),
            f"{FORBIDDEN}\n",
        ),
        (OSError(errno.EMFILE, "Too many open files"), "[Errno 24] Too many open files\n"),
    ],
)
def test_whatever_else_keeps_a_server_from_its_port_is_told_as_what_it_is(
    handschlag, monkeypatch, trouble, told
):
    handschlag("migrate")

    def refuse(*_):
        raise trouble

    monkeypatch.setattr(server, "Server", refuse)

    assert handschlag("web", "--port", "80") == (1, "", told)


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (ValueError("a defect"), "Unexpected error: ValueError."),
        (OSError(errno.EROFS, "Read-only file system"), "[Errno 30] Read-only file system"),
    ],
)
def test_what_goes_wrong_before_the_port_is_taken_is_not_told_of_the_port(
    handschlag, monkeypatch, trouble, told
):
    handschlag("migrate")

    def fail(_found):
        raise trouble

    monkeypatch.setattr(server, "create_app", fail)
    code, _, err = handschlag("web")

    assert code == 1
    assert told in err
    assert "--" not in err
