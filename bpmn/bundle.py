"""A bundle: processes, decisions and forms that belong together. Its digest is its identity."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType


@dataclass(frozen=True)
class Bundle:
    """An immutable set of files (`*.bpmn`, `*.dmn`, `*.form`) by name, kept byte for byte."""

    files: Mapping[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(sorted(self.files.items()))))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over names and contents, each preceded by its length."""
        sha = hashlib.sha256()
        for name, content in self.files.items():
            for part in (name.encode(), content):
                sha.update(len(part).to_bytes(8, "big"))
                sha.update(part)
        return sha.hexdigest()

    def having(self, name: str, content: bytes) -> "Bundle":
        return Bundle({**self.files, name: content})

    def without(self, name: str) -> "Bundle":
        return Bundle({key: value for key, value in self.files.items() if key != name})
