"""A server of its own process: our pages, and beside them a bare endpoint that writes the same rows.

Started by `serving`; prints one line of JSON once it listens, ends with its standard input.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from waitress import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bench.stage.office import LOGIN, PASSWORD, open_office
from bench.stage.replay import Driver, Replay, picture
from web.app import create_app

THREADS = 8
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(kind: str, cases: int) -> Iterator[dict[str, Any]]:
    """Start the server with this many cases; gives its port, its tasks and how to sign in."""
    command = [sys.executable, "-m", __name__, kind, str(cases)]
    server = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        yield json.loads(server.stdout.readline())
    finally:
        server.stdin.close()
        server.wait(timeout=20)


def main(kind: str, cases: int) -> None:
    with open_office(kind) as office:
        office.prepare(cases)
        office.complete()
        driver = Driver(kind, office.app.settings.database)
        before = picture(driver)
        office.complete()
        bare = _bare(Replay(driver, before, picture(driver)))
        office.open.pop()
        entrances = DispatcherMiddleware(create_app(office.app), {"/bare": bare})
        server = create_server(entrances, host="127.0.0.1", port=0, threads=THREADS)
        threading.Thread(target=server.run, daemon=True).start()
        told = {
            "port": server.effective_port,
            "login": LOGIN,
            "password": PASSWORD,
            "answers": office.answers,
            "tasks": [str(task) for task in office.open],
        }
        print(json.dumps(told), flush=True)
        sys.stdin.read()
        driver.close()


def _bare(replay: Replay) -> Flask:
    app, alone = Flask("bare"), threading.Lock()

    @app.post("/complete")
    def complete() -> dict[str, str]:
        with alone:
            replay.run()
        return {"done": "yes"}

    @app.get("/cpu")
    def cpu() -> dict[str, float]:
        return {"seconds": time.process_time()}

    return app


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
