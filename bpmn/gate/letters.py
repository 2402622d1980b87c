"""What goes to the child and comes back: a line of JSON, then the bytes of the files."""

from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import orjson

from bpmn.bundle import Bundle
from bpmn.host import Host, HostFunction
from bpmn.lint import Finding, Severity
from bpmn.wording import Sentence


def request(bundle: Bundle, host: Host) -> bytes:
    """Write a bundle and what the host offers, without anything that could be called."""
    head = {
        "files": [[name, len(content)] for name, content in bundle.files.items()],
        "functions": [_function(each) for each in host.functions.values()],
        "handlers": sorted(host.handlers),
        "groups": sorted(map(str, host.groups)),
        "case_file_prefixes": sorted(host.case_file_prefixes),
        "sources": sorted(host.sources),
        "variables": sorted(host.variables),
        "zone": host.zone.key,
    }
    return b"".join((orjson.dumps(head), b"\n", *bundle.files.values()))


def read_request(stream: BinaryIO) -> tuple[Bundle, Host]:
    head = orjson.loads(stream.readline())
    bundle = Bundle({name: stream.read(length) for name, length in head["files"]})
    host = Host(
        functions={
            name: HostFunction(name, tuple(parameters), _answers_nothing, _words(words))
            for name, parameters, words in head["functions"]
        },
        handlers=frozenset(head["handlers"]),
        groups=frozenset(head["groups"]),
        case_file_prefixes=frozenset(head["case_file_prefixes"]),
        sources=frozenset(head["sources"]),
        variables=frozenset(head["variables"]),
        zone=ZoneInfo(head["zone"]),
    )
    return bundle, host


def _function(each: HostFunction) -> list[Any]:
    return [each.name, each.parameters, {name: sorted(words) for name, words in each.words.items()}]


def _words(packed: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in packed.items()}


def _answers_nothing(*_arguments: Any) -> None:
    """Stand in for a function of the host, which is not asked while files are checked."""


def reply(findings: list[Finding]) -> bytes:
    return orjson.dumps([_row(each) for each in findings])


def _row(each: Finding) -> list[Any]:
    sentence = _packed(each.sentence)
    return [each.rule, each.severity, each.file, each.element, each.line, sentence, each.label]


def read_reply(text: bytes) -> list[Finding]:
    """Read the findings. Raises `ValueError` for anything else."""
    return [
        Finding(rule, Severity(severity), file, element, line, _unpacked(sentence), label)
        for rule, severity, file, element, line, sentence, label in orjson.loads(text)
    ]


def _packed(sentence: Sentence) -> Any:
    return [
        sentence.template,
        {
            name: {"sentence": _packed(value)} if isinstance(value, Sentence) else _plain(value)
            for name, value in sentence.values.items()
        },
    ]


def _plain(value: Any) -> Any:
    """Keep numbers, so that a translation may format them; everything else is told as text."""
    if isinstance(value, bool | int | float):
        return value
    return str(value).encode(errors="replace").decode()


def _unpacked(packed: Any) -> Sentence:
    template, values = packed
    return Sentence(
        template,
        {
            name: _unpacked(value["sentence"]) if isinstance(value, dict) else value
            for name, value in values.items()
        },
    )
