"""Python in a formula is refused at upload, wherever it stands; forced to run, it does nothing."""

import json
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from bpmn.lint import Severity, check
from bpmn.lint.endless import MOST
from tests.bpmn.hostile import HOST, PLACES, bundle, force
from tests.bpmn.payloads import ALL, ENDLESS, REFUSED, VAIN

ROOT = Path(__file__).parents[2]


def errors(files):
    return [found for found in check(files, HOST) if found.severity is Severity.ERROR]


def test_the_bundle_with_sound_formulas_is_taken_and_runs():
    assert errors(bundle()) == []
    assert force(bundle()) == []


IN_DIAGRAM = tuple(place for place in PLACES if not place.startswith(("DMN", "form")))


def test_there_are_enough_of_them():
    assert len(set(ALL)) >= 120


@pytest.mark.parametrize("payload", REFUSED)
def test_what_is_no_formula_is_refused_at_upload_in_every_place(payload):
    in_diagram = [
        found
        for found in errors(bundle(**dict.fromkeys(IN_DIAGRAM, payload)))
        if found.rule == "expressions"
    ]
    taken = [p for p in PLACES if p not in IN_DIAGRAM and not errors(bundle(**{p: payload}))]

    assert len(in_diagram) == len(IN_DIAGRAM)
    assert taken == []


@pytest.mark.parametrize("place", PLACES)
def test_what_takes_processor_or_memory_for_itself_is_refused_at_upload(place):
    begun = monotonic()

    taken = [p for p in ENDLESS if not errors(bundle(**{place: p}))]

    assert taken == []
    assert monotonic() - begun < 3 * len(ENDLESS)


@pytest.mark.parametrize(
    ("place", "element"),
    [("condition", "way_task"), ("DMN output", "table"), ("form check", "age")],
)
def test_a_refusal_names_the_formula_and_its_place(place, element):
    endless = "for a in 1..1000000000 return a"

    (found,) = errors(bundle(**{place: endless}))

    assert (found.element, found.rule) == (element, "endless")
    assert endless in str(found.sentence)


def test_not_every_endless_formula_is_tried():
    files = bundle(**dict.fromkeys(PLACES, ENDLESS[0]))

    assert [found.rule for found in errors(files)] == ["endless"] * MOST


def test_sound_formulas_that_hope_in_vain_are_taken_and_find_nothing():
    assert [text for text in VAIN if errors(bundle(input=text))] == []


def test_forced_to_run_nothing_reaches_python():
    assert _audit() == []


def test_the_audit_hears_python_when_it_runs():
    assert "compile" in _audit("--eval")


def _audit(*options):
    done = subprocess.run(
        [sys.executable, "-m", "tests.bpmn.hostile", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,  # by the clock: a busy machine takes many times longer
        check=True,
    )
    return json.loads(done.stdout)
