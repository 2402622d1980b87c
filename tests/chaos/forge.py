"""Starts `handschlag` as a process of its own, from one that has imported everything already.

Importing is most of a start. A forge imports once and forks for each start, so that a test can
afford to kill a process sixty times. What runs then is the command itself, in a process of its
own that shares nothing with the others.
"""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("handschlag")


class Forge:
    """Use it as a context; everything it started and that still runs is killed in the end.

    What it starts is the `main` of this module.
    """

    def __init__(self, program="web.cli"):
        self._program = program

    def __enter__(self):
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.forge", self._program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=clean(),
        )
        return self

    def __exit__(self, *_):
        self._server.stdin.close()
        self._server.wait(timeout=20)
        self._server.stdout.close()

    def start(self, arguments, environ, log):
        pid = self._ask(do="start", arguments=arguments, environ=environ, log=str(log))
        return Forged(self, pid)

    def look(self, pid):
        return self._ask(do="look", pid=pid)

    def _ask(self, **order):
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        return json.loads(self._server.stdout.readline())


class Forged:
    """A process that a forge has started; speaks like `subprocess.Popen`."""

    def __init__(self, forge, pid):
        self._forge = forge
        self.pid = pid
        self.returncode = None

    def poll(self):
        if self.returncode is None:
            self.returncode = self._forge.look(self.pid)
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)


def execute(arguments, environ, log):
    """Start the installed program in the plain way."""
    with Path(log).open("ab") as output:
        return subprocess.Popen(
            [PROGRAM, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**clean(), **environ},
        )


def clean():
    """Our environment without settings of an installation."""
    return {key: told for key, told in os.environ.items() if not key.startswith("HANDSCHLAG_")}


def main():
    import holidays  # noqa: PLC0415 - only the server pays for the imports

    program = importlib.import_module(sys.argv[1])
    for room in getattr(program, "ROOMS", {}).values():
        importlib.import_module(f"web.commands.{room}")
    holidays.country_holidays("DE", subdiv="NW")
    running = set()
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "start":
            answer = _fork(order, program.main)
            running.add(answer)
        else:
            answer = _look(order["pid"])
            running -= {order["pid"]} if answer is not None else set()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in running:
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def _fork(order, main):
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    output = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, output), (2, output)):
        os.dup2(source, target)
    os.environ.update(order["environ"])
    sys.argv = ["handschlag", *order["arguments"]]
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _look(pid):
    """Tell how a process ended, or None while it runs."""
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


if __name__ == "__main__":
    main()
