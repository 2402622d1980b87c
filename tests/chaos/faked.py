"""Real processes whose machine shows another time; needs the development package libfaketime."""

from importlib.util import find_spec
from pathlib import Path

import pytest


def library():
    """Where the library is that lies to a process about the time; skips where there is none."""
    found = find_spec("libfaketime")
    if found is None:
        pytest.skip("libfaketime is not installed: there is one for Linux on x86-64 only")
    (folder,) = found.submodule_search_locations
    return Path(folder) / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"


class Watch:
    """The time of day of one process, which may be set while it runs."""

    def __init__(self, file):
        self._file = file
        self.environ = {
            "LD_PRELOAD": str(library()),
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_CACHE_DURATION": "1",
            "NO_FAKE_STAT": "1",
            "FAKETIME_TIMESTAMP_FILE": str(file),
        }

    def set(self, ahead):
        """Have the machine be ahead of the true time by so much."""
        self._file.write_text(f"{ahead.total_seconds():+.3f}")
