"""The bundle a new installation begins with: the files beside this module."""

from importlib.resources import files

from bpmn.bundle import Bundle

SUFFIXES = (".bpmn", ".dmn", ".form")


def shipped_bundle() -> Bundle:
    return Bundle(
        {
            file.name: file.read_bytes()
            for file in files(__package__).iterdir()
            if file.name.endswith(SUFFIXES)
        }
    )
