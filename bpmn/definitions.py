"""From files to definitions: every file of a bundle is read, compiled and tied together once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TypeVar

from lxml import etree

from bpmn.bundle import Bundle
from bpmn.dmn import read_decisions
from bpmn.dmn.decision import Decision
from bpmn.errors import Invalid
from bpmn.forms import Form, read_form
from bpmn.host import Host
from bpmn.model import Definitions, NotExecutable
from bpmn.spiff.loading import Library
from bpmn.wording import say
from bpmn.xml import UnreadableXml, read

KINDS = (".bpmn", ".dmn", ".form")

Thing = TypeVar("Thing")


def load(bundle: Bundle, host: Host) -> Definitions:
    """Read a bundle whole. Raises `NotExecutable` for the first thing that could not run."""
    for file in bundle.files:
        if not file.endswith(KINDS):
            raise NotExecutable(say("A bundle holds .bpmn, .dmn and .form files only."), file)
    decisions = _decisions(bundle, host)
    forms = _forms(bundle)
    library = Library(host, decisions)
    for file, content in _files(bundle, ".bpmn"):
        with _naming(file):
            library.add(file, read(content))
    return Definitions(
        digest=bundle.digest,
        host=host,
        processes=MappingProxyType(library.processes),
        decisions=MappingProxyType(decisions),
        forms=MappingProxyType(forms),
        executable=library.finish(),
        starts=MappingProxyType(library.starts),
    )


def _decisions(bundle: Bundle, host: Host) -> dict[str, Decision]:
    decisions: dict[str, Decision] = {}
    roots = dict(_roots(bundle))
    models = {root.get("namespace", ""): root for root in roots.values()}
    for file, root in roots.items():
        with _naming(file):
            found = read_decisions(root, functions=host.functions, imports=models)
        _add(decisions, found, file)
    return decisions


def _roots(bundle: Bundle) -> Iterator[tuple[str, etree._Element]]:
    for file, content in _files(bundle, ".dmn"):
        with _naming(file):
            yield file, read(content)


def _forms(bundle: Bundle) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for file, content in _files(bundle, ".form"):
        with _naming(file):
            form = read_form(content)
        _add(forms, {form.id: form}, file)
    return forms


def _files(bundle: Bundle, ending: str) -> list[tuple[str, bytes]]:
    return [item for item in bundle.files.items() if item[0].endswith(ending)]


def _add(known: dict[str, Thing], found: Mapping[str, Thing], file: str) -> None:
    for name in found:
        if name in known:
            raise NotExecutable(say("“%(id)s” exists twice in this bundle.", id=name), file, name)
    known.update(found)


@contextmanager
def _naming(file: str) -> Iterator[None]:
    """Turn what a reader refuses into a refusal that names the file."""
    try:
        yield
    except NotExecutable:
        raise
    except UnreadableXml as error:
        raise NotExecutable(error.problem, file, line=error.line) from error
    except Invalid as error:
        raise NotExecutable(error.sentence, file) from error
