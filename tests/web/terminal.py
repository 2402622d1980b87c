"""A terminal of the machine on which an installation runs."""

import sys
from contextlib import contextmanager
from datetime import timedelta

import pytest
import structlog

from engine import clock
from web import cli


@contextmanager
def a_terminal(monkeypatch, capsys, data_dir):
    """Give a function that calls a command and answers exit code, output and errors."""
    monkeypatch.setenv("HANDSCHLAG_DATA_DIR", str(data_dir))
    monkeypatch.setenv("LC_ALL", "C")

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["handschlag", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    yield call
    clock.follow(timedelta())
    structlog.reset_defaults()
