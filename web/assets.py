"""Where the browser finds the bundle: entry name → addresses of its script and styles.

The bundle is built from `frontend/` into `static/dist/`, its names in `manifest.json`. Entries:

- `app` on every page: styles (KERN and its font) and small enhancements of server-rendered HTML;
- `viewer` mounts on `[data-bpmn-viewer]`: `data-src` (address of the XML), `data-active`
  (ids of the elements that carry a token), `data-passed`, both separated by spaces;
- `studio` mounts on `[data-bpmn-studio]`: `data-src`, `data-check-url`, `data-save-url`,
  `data-forms-url`; the CSRF token stands in `<meta name="csrf-token">`.

Without a bundle (tests, a broken build) pages stay readable: no address is given out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Entry:
    """What one entry of the bundle loads; paths are relative to `static/`."""

    script: str | None = None
    styles: tuple[str, ...] = ()
    preloads: tuple[str, ...] = ()


class Bundle:
    """The manifest, read once at start."""

    def __init__(self, directory: Path = STATIC / "dist") -> None:
        manifest = directory / "manifest.json"
        found = json.loads(manifest.read_text("utf-8")) if manifest.is_file() else {}
        self._entries = {name: _entry(chunk) for name, chunk in found.items()}

    def entry(self, name: str) -> Entry:
        return self._entries.get(name, Entry())


def _entry(chunk: Mapping[str, Any]) -> Entry:
    return Entry(
        f"dist/{chunk['script']}",
        tuple(f"dist/{path}" for path in chunk["styles"]),
        tuple(f"dist/{path}" for path in chunk["preloads"]),
    )
