"""Diagrams of other tools are kept as they are, and every reason why they do not run is told."""

from pathlib import Path

import pytest

from tests.workflows.agency import Agency
from workflows import studio
from workflows.access import Role

MIWG = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "bpmn-miwg"
FILES = sorted(MIWG.glob("*.bpmn"))


@pytest.fixture
def paula(agency: Agency):
    return agency.hire("Paula", Role.PROCESS_MANAGEMENT)


@pytest.mark.skipif(not FILES, reason="no ../shared/conformance/bpmn-miwg beside the checkout")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_diagram_of_another_tool_is_kept_byte_for_byte_with_all_that_stops_it(
    agency, paula, path
):
    name = path.name.replace(".", "_").replace("_bpmn", ".bpmn")

    with agency.transactions.begin() as uow:
        checked = studio.save_file(uow, paula, name, path.read_bytes(), None)
    with agency.transactions.reading() as reading:
        kept = studio.open_file(reading, paula, name)

    assert kept.content == path.read_bytes()
    found = checked.findings[name]
    assert found
    for finding in found:
        assert finding.element or finding.line, finding
        assert str(finding.sentence).endswith((".", "!")), finding
