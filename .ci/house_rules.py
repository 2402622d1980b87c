"""Rules of this house that no linter knows: sizes of modules, locks that match what is asked for."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bpmn", "engine", "notifications", "workflows", "web", "tests", "bench", "frontend")
LONGEST_MODULE = 300
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^ ;\\]+)")


def main() -> int:
    findings = [*_long_modules(), *_loose_locks(), *_addresses_in_locks()]
    print("\n".join(findings) or "House rules hold.")
    return 1 if findings else 0


def _long_modules() -> Iterator[str]:
    for path in sorted(_modules()):
        length = len(path.read_text("utf-8").splitlines())
        if length > LONGEST_MODULE:
            yield f"{path.relative_to(ROOT)}: {length} lines, at most {LONGEST_MODULE}"


def _modules() -> Iterator[Path]:
    yield ROOT / "dev.py"
    for room in ROOMS:
        for suffix in ("py", "js"):
            yield from (p for p in (ROOT / room).rglob(f"*.{suffix}") if _is_source(p))


def _is_source(path: Path) -> bool:
    """Tell what somebody here wrote from what is generated or comes from others."""
    return not {"node_modules", "dist", "versions"} & set(path.parts)


def _loose_locks() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    served = project["project"]["dependencies"]
    developed = [*served, *project["dependency-groups"]["dev"]]
    for name, wanted in {"requirements.lock": served, "requirements-dev.lock": developed}.items():
        lock = (ROOT / name).read_text("utf-8")
        yield from (f"{name}: {finding}" for finding in _unmet(lock, wanted))


def _unmet(lock: str, wanted: list[str]) -> Iterator[str]:
    pins: dict[str, set[str]] = {}
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock)
    for entry in filter(None, (PIN.match(entry) for entry in entries)):
        pins.setdefault(canonicalize_name(entry[1]), set()).add(entry[2])
    for requirement in map(Requirement, wanted):
        versions = pins.get(canonicalize_name(requirement.name), set())
        if not versions or not all(requirement.specifier.contains(v, True) for v in versions):
            yield f"{requirement} is not what is locked ({', '.join(versions) or 'nothing'})"
    yield from (f"no hash for {entry.split()[0]}" for entry in entries if _lacks_hash(entry))


def _lacks_hash(entry: str) -> bool:
    return bool(PIN.match(entry)) and "--hash=sha256:" not in entry


def _addresses_in_locks() -> Iterator[str]:
    """Find locks that name a server: they would work on its network only."""
    for name in ("frontend/package-lock.json", "tests/browser/package-lock.json"):
        if '"resolved"' in (ROOT / name).read_text("utf-8"):
            yield f"{name}: names a registry; regenerate it with the .npmrc beside it"


if __name__ == "__main__":
    sys.exit(main())
