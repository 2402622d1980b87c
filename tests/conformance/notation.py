"""Writes `docs/notation.md` from the notation's own tables and the rules of the gate.

`python -m tests.conformance.notation` writes it anew.
"""

import ast
import sys
from pathlib import Path

from babel.support import Translations

from bpmn import lint
from bpmn.lint import endless
from bpmn.notation.elements import ATTRIBUTES, CHILDREN, FIXED
from bpmn.notation.extensions import EXTENSIONS, VALUES
from bpmn.notation.limits import (
    DEEPEST_CALL,
    DEEPEST_NESTING,
    LONGEST_KEY,
    LONGEST_NAME,
    MOST_INSTANCES,
    MOST_NODES,
    MOST_TRIES,
    USUAL_TRIES,
)
from bpmn.notation.tags import ACTIVITIES, GATEWAYS, TRIGGERS
from bpmn.spiff import settling
from web.catalogues import CATALOGUES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "notation.md"
KINDS = (
    "timer", "message", "signal", "conditional", "error", "escalation", "link", "compensate",
    "terminate", "cancel",
)  # fmt: skip
ALL_TRIGGERS = frozenset(f"{kind}EventDefinition" for kind in KINDS)
HEAD = """\
# What runs, and what is refused

Diagrams are BPMN 2.0 files with the extension elements of Camunda 8 (namespace
`http://camunda.org/schema/zeebe/1.0`): a named subset, not every file of that engine runs here.
What is not listed below is refused when a draft is checked, never ignored; pictures and comments
apart. This page is written from the tables of `bpmn/notation/` and the rules of `bpmn/lint/`
(`python -m tests.conformance.notation`); a test keeps it equal. What each construct promises
is told by the traces in `tests/conformance/bpmn/`.

Variables belong to the process (and the locals of a call, a repeated activity or an input mapping),
not to tokens. A path that starts with `=` is a FEEL formula, anything else is text.
"""


def document():
    return "\n".join(
        (
            HEAD,
            "## Activities and gateways\n",
            _kinds(),
            "## Events\n",
            _events(),
            "## Extension elements\n",
            _extensions(),
            "## Elements and attributes\n",
            _elements(),
            "## Limits\n",
            _limits(),
            "## Rules of the deploy gate\n",
            "A finding names its rule, the element and the line, and says what to do.\n",
            *_rules(),
        )
    )


def _kinds():
    lines = [f"- `{tag}`" for tag in (*sorted(ACTIVITIES), *sorted(GATEWAYS))]
    return "\n".join(lines) + (
        "\n\nSeveral flows may leave an activity or an event: all are taken that have no condition or "
        "whose condition holds. A `subProcess` with `triggeredByEvent` starts by its own start "
        "event, interrupting or not.\n"
    )


def _events():
    lines = [f"| | none | {' | '.join(KINDS)} |", "| --- " * (len(KINDS) + 2) + "|"]
    for tag, allowed in TRIGGERS.items():
        cells = ["✓" if f"{kind}EventDefinition" in allowed else "–" for kind in KINDS]
        none = "–" if tag in ("intermediateCatchEvent", "boundaryEvent") else "✓"
        lines.append(f"| `{tag}` | {none} | {' | '.join(cells)} |")
    return "\n".join(lines) + (
        "\n\nA process starts without a trigger or by a message; the other triggers of a start event "
        "stand at the head of an event sub-process. A message is thrown by a job of the type "
        "`message.publish`. It begins a process as it arrives, where nobody waits for it; one that "
        "is kept begins none that is published later.\n"
    )


def _extensions():
    fixed = [f"`{name}` is {' or '.join(sorted(values))}" for name, values in VALUES.items()]
    lines = ["| element | stands on | must have | may have |", "| --- | --- | --- | --- |"]
    for name, rule in sorted(EXTENSIONS.items()):
        inside = [f"{each}({', '.join(sorted(keys))})" for each, keys in rule.children.items()]
        may = ", ".join((*sorted(rule.optional), *inside))
        must = ", ".join(sorted(rule.required))
        lines.append(f"| `{name}` | {', '.join(sorted(rule.hosts))} | {must} | {may} |")
    return "\n".join(lines) + (
        f"\n\n{'; '.join(fixed)}.\n\n"
        "Where a `dueDate` is nothing but a variable (`=promised`), an extended deadline is "
        "written into that variable, and waiting timers whose formula reads it follow.\n"
    )


def _elements():
    lines = ["| element | attributes | may hold |", "| --- | --- | --- |"]
    for tag, inside in sorted(CHILDREN.items()):
        attributes = [_attribute(tag, name) for name in sorted(ATTRIBUTES.get(tag, ()))]
        runs = inside - ALL_TRIGGERS | TRIGGERS.get(tag, frozenset())
        lines.append(f"| `{tag}` | {', '.join(attributes)} | {', '.join(sorted(runs))} |")
    return "\n".join(lines) + "\n"


def _attribute(tag, name):
    values = FIXED.get((tag, name))
    return f"{name} ({' or '.join(sorted(values))})" if values else name


def _limits():
    return "\n".join(
        (
            (
                f"- {MOST_NODES} elements a process, sub-processes {DEEPEST_NESTING} deep, names and "
                f"ids of {LONGEST_NAME} characters, correlation keys of {LONGEST_KEY}"
            ),
            f"- {MOST_INSTANCES} instances of a repeated activity, {DEEPEST_CALL} calls deep",
            f"- {MOST_TRIES} tries of a job (`retries`), {USUAL_TRIES} where the diagram does not say",
            (
                f"- {settling.MOST_STEPS:,} steps or {settling.MOST_SECONDS:g} seconds from one rest to "
                f"the next, {settling.MOST_TOKENS:,} places at once"
            ),
            f"- a formula that would take too long is found by trying it ({endless.MOST} are named)",
            "- the check itself: 2 seconds of processor time and 200 MB, in a process of its own",
            "",
        )
    )


def _rules():
    german = Translations.load(str(CATALOGUES), ["de"])
    for module in _modules():
        tree = ast.parse(Path(module.__file__).read_text())
        promise = (module.__doc__ or "").splitlines()[0]
        yield f"### `{module.__name__.rpartition('.')[2]}`\n\n{promise}\n"
        for sentence in dict.fromkeys(_sentences(tree)):
            yield f"- {_flat(sentence)}  \n  {_flat(german.ugettext(sentence))}"
        yield ""


def _modules():
    named = {rule.__module__ for rule in (*lint.BOUNDS, *lint.RULES)} | {"bpmn.lint.runs"}
    return [sys.modules[name] for name in sorted(named)]


def _sentences(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
            yield node.args[0].value


def _flat(sentence):
    return " ".join(sentence.split())


def main():
    DOCUMENT.write_text(document())


if __name__ == "__main__":
    main()
