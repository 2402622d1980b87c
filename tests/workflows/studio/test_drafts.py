import pytest

from tests.workflows.agency import Agency
from workflows import studio
from workflows.access import NotAllowed, Role
from workflows.studio.errors import (
    DraftHasErrors,
    FileUnreadable,
    NotSubmitted,
    OwnDraft,
    SavedMeanwhile,
    UnfitFile,
)

FILE = "session.form"


@pytest.fixture
def paula(agency: Agency):
    return agency.hire("Paula", Role.PROCESS_MANAGEMENT)


@pytest.fixture
def pavel(agency: Agency):
    return agency.hire("Pavel", Role.PROCESS_MANAGEMENT)


@pytest.fixture
def act(agency):
    """Do one thing in the studio in a transaction of its own."""

    def act(deed, *arguments):
        with agency.transactions.begin() as uow:
            return deed(uow, *arguments)

    return act


def renamed(act, person):
    content = act(studio.open_file, person, FILE).content
    return content.replace(b"Sitzung", b"Treffen")


def test_the_shipped_files_have_no_errors(act, paula):
    checked = act(studio.check_draft, paula)

    assert checked.errors == 0, checked.findings
    assert "neighbourhood_conflict.bpmn" in [
        row.name for row in act(studio.open_studio, paula).files
    ]


def test_a_draft_becomes_the_next_deployment_when_a_second_person_approves(act, paula, agency):
    act(studio.save_file, paula, FILE, renamed(act, paula), None)
    act(studio.submit_draft, paula, "Anderes Wort")

    act(studio.publish_draft, agency.katrin)

    desk = act(studio.open_studio, paula)
    assert desk.draft is None
    newest = desk.deployments[0]
    assert (newest.version, newest.published_by) == (2, "Katrin")
    assert b"Treffen" in act(studio.open_file, paula, FILE).content


def test_nobody_approves_a_draft_of_their_own(act, paula, pavel):
    act(studio.save_file, paula, FILE, renamed(act, paula), None)
    act(studio.submit_draft, pavel, "")

    for person in (paula, pavel):
        with pytest.raises(OwnDraft):
            act(studio.publish_draft, person)


def test_a_change_after_handing_in_has_to_be_handed_in_again(act, paula, agency):
    act(studio.save_file, paula, FILE, renamed(act, paula), None)
    act(studio.submit_draft, paula, "")
    act(studio.save_file, paula, FILE, renamed(act, paula) + b"\n", None)

    with pytest.raises(NotSubmitted):
        act(studio.publish_draft, agency.katrin)


def test_a_draft_with_errors_is_kept_but_not_handed_in(act, paula):
    broken = act(studio.open_file, paula, "overdue_review.bpmn").content.replace(
        b'formId="overdue_review"', b'formId="nowhere"'
    )

    checked = act(studio.save_file, paula, "overdue_review.bpmn", broken, None)

    assert checked.errors > 0
    assert "overdue_review.bpmn" in checked.findings
    with pytest.raises(DraftHasErrors):
        act(studio.submit_draft, paula, "")


def test_two_people_do_not_overwrite_each_other(act, paula, pavel):
    etag = act(studio.open_file, paula, FILE).etag
    act(studio.save_file, paula, FILE, renamed(act, paula), etag)

    with pytest.raises(SavedMeanwhile):
        act(studio.save_file, pavel, FILE, b"{}", etag)


@pytest.mark.parametrize("name", ["../x.bpmn", "x.py", "x.bpmn.exe", ".form"])
def test_only_files_of_the_three_kinds_are_taken(act, paula, name):
    with pytest.raises(UnfitFile):
        act(studio.save_file, paula, name, b"<x/>", None)


def test_hostile_xml_is_refused(act, paula):
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'

    with pytest.raises(FileUnreadable):
        act(studio.save_file, paula, "x.bpmn", bomb, None)


def test_whoever_may_not_edit_reads_only(act, agency):
    assert act(studio.open_file, agency.vera, FILE).may_edit is False
    with pytest.raises(NotAllowed):
        act(studio.save_file, agency.vera, FILE, b"{}", None)
