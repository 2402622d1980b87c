"""Other engines beside ours: start, one or five user tasks, end; application CPU, one core.

The peers' scripts are not part of this project: they are expected in `../shared/peer_bench`. What
cannot run here is named with the reason. Nothing is judged: the figures stand side by side.
"""

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.harness import is_full, report
from bench.stage import models
from bench.stage.databases import POSTGRESQL, SQLITE, fresh_database
from bench.stage.desk import open_desk
from bench.stage.office import pin

PEERS = Path(__file__).resolve().parents[2] / "shared" / "peer_bench"
ROW = (1, 5)
"""User tasks in a row."""
INSTALLING, RUNNING = 25, {False: 15, True: 120}
"""Seconds that a peer has for each; the longer form runs longer, too."""
SHORT, FULL = 40, 600
"""Seconds after which nothing more is begun."""
WHY_CHARACTERS = 200


class Skipped(Exception):  # noqa: N818 - says what happened, is no failure
    """Says why a peer cannot run here."""


@dataclass(frozen=True)
class Peer:
    name: str
    script: str
    instances: int
    prepare: Callable[[Path], list[str]]
    """Return the start of the command, with everything it needs installed below the folder."""


def main() -> int:
    full = is_full("peers")
    pin(0)
    until = time.monotonic() + (FULL if full else SHORT)
    ours = [
        _ours(kind, tasks, 300 if full else 80) for kind in (SQLITE, POSTGRESQL) for tasks in ROW
    ]
    found, skipped = [], {}
    with _folder() as folder:
        for peer in PEER_LIST:
            try:
                _leave_time(until)
                found.append(_run(peer, folder, full=full))
            except Skipped as why:
                skipped[peer.name] = str(why)
    return report("peers", [], ours=ours, peers=found, skipped=skipped)


def _leave_time(until: float) -> None:
    if time.monotonic() + INSTALLING > until:
        raise Skipped("no time was left for it on this machine; --full takes longer")


def _ours(kind: str, count: int, instances: int) -> dict[str, Any]:
    """Bring instances from start to end through the engine, every step stored."""
    model = models.row_of_tasks(models.OURS, count)
    with fresh_database(kind) as url, open_desk(url, model) as desk:
        for number in itertools.count():
            if number == instances // 10:
                begun = time.process_time()
            if number == instances // 10 + instances:
                break
            desk.start()
            for _ in range(count):
                desk.complete()
        cpu = time.process_time() - begun
        desk.check()
    return {
        "what": f"Handschlag, engine layer, {kind}",
        "tasks": count,
        "inst_per_cpu_s": round(instances / cpu, 1),
        "task_compl_per_cpu_s": round(instances * count / cpu, 1),
    }


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a place to install peers into; their scripts are only linked there."""
    with tempfile.TemporaryDirectory(prefix="handschlag-peers-") as name:
        folder = Path(name)
        for file in PEERS.iterdir() if PEERS.is_dir() else ():
            (folder / file.name).symlink_to(file)
        yield folder


def _run(peer: Peer, folder: Path, *, full: bool) -> dict[str, Any]:
    if not (folder / peer.script).exists():
        raise Skipped(f"{peer.script} is not in {PEERS.parent.name}/{PEERS.name}")
    start = peer.prepare(folder)
    instances = peer.instances * (4 if full else 1)
    lines = [
        json.loads(line)
        for tasks in ROW
        for line in _call([*start, peer.script, str(instances), str(tasks)], folder, RUNNING[full])
        if line.startswith("{")
    ]
    return {"peer": peer.name, "figures": lines}


def _call(command: list[str], folder: Path, seconds: float) -> list[str]:
    """Run a program and return its lines."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=True
        )
    except FileNotFoundError:
        raise Skipped(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise Skipped(f"took longer than {seconds} s") from None
    except subprocess.CalledProcessError as failed:
        said = " ".join((failed.stderr or failed.stdout).split())
        raise Skipped(f"{Path(command[0]).name} failed: {said[-WHY_CHARACTERS:]}") from None
    return done.stdout.splitlines()


def _python(_folder: Path) -> list[str]:
    return [sys.executable]


def _node(folder: Path) -> list[str]:
    """Install the pinned packages of the peers, once for all of them."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Skipped("node and npm are not installed")
    if not (folder / "node_modules").is_dir():
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]
        _call([*command, "--no-package-lock"], folder, INSTALLING)
    return ["node", "--preserve-symlinks", "--preserve-symlinks-main"]


def _newer_python(folder: Path) -> list[str]:
    """Make an environment with Python 3.12 or newer for the peer that asks for it."""
    found = next((p for p in ("python3.13", "python3.12") if _answers(p)), None) or _known_to_uv()
    if found is None:
        raise Skipped("needs Python 3.12 or newer, which is not installed")
    home = folder / "python"
    _call([found, "-m", "venv", str(home)], folder, INSTALLING)
    python = str(home / "bin" / "python")
    needs = str(folder / "requirements.txt")
    _call([python, "-m", "pip", "install", "-q", "-r", needs], folder, INSTALLING)
    return [python]


def _answers(program: str) -> bool:
    try:
        return subprocess.run([program, "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _known_to_uv() -> str | None:
    try:
        command = ["uv", "python", "find", "--no-python-downloads", "--no-project", ">=3.12"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


PEER_LIST = (
    Peer("SpiffWorkflow", "bench_spiff_library.py", 100, _python),
    Peer("bpmn-engine", "bench_bpmn_engine.mjs", 40, _node),
    Peer("bpmn-server", "bench_bpmn_server.cjs", 30, _node),
    Peer("camunda-python", "bench_camunda_python.py", 40, _newer_python),
)

if __name__ == "__main__":
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    sys.exit(main())
