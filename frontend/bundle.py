"""Build the browser bundle, when its sources have changed since the last time.

Standard library only: `dev.py` uses it before anything is installed, the build hook of the wheel too.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
BUNDLE = SOURCES.parent / "web" / "static" / "dist"
STAMP = BUNDLE / "sources.sha256"
_INPUTS = ("package-lock.json", ".npmrc", "vite.config.js", "build/*.js", "src/**/*")


def is_current() -> bool:
    """Whether the bundle on disk was built from the sources on disk."""
    return STAMP.is_file() and STAMP.read_text("ascii") == _digest()


def build(node: Path) -> None:
    """Install the packages of the lock file and build; `node` is the directory of Node's programs.

    Raises CalledProcessError when npm or Vite fails; what they said stands on stderr.
    """
    digest = _digest()
    install_packages(node, SOURCES)
    vite = ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]
    _run([str(node / "node"), *vite], node, SOURCES)
    STAMP.write_text(digest, "ascii")


def install_packages(node: Path, project: Path, *options: str) -> None:
    """Install what the lock file of an npm project names, without running scripts of packages."""
    npm = node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _run([str(node / "node"), str(npm), "ci", *quiet, *options], node, project)


def _run(command: list[str], node: Path, directory: Path) -> None:
    path = os.pathsep.join([str(node), os.environ.get("PATH", "")])
    subprocess.run(  # noqa: S603 - our own command, no shell
        command,
        cwd=directory,
        env={**os.environ, "PATH": path},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _digest() -> str:
    content = hashlib.sha256()
    for path in sorted(set(_files())):
        content.update(path.relative_to(SOURCES).as_posix().encode())
        content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()


def _files() -> Iterator[Path]:
    for pattern in _INPUTS:
        yield from (path for path in SOURCES.glob(pattern) if path.is_file())
