"""Managers change diagrams: upload, findings at the element, a second person publishes."""

import io
from pathlib import Path

import pytest

from workflows.access import Role
from workflows.processes import catalog

PM, KO = Role.PROCESS_MANAGEMENT, Role.COORDINATION
FILE = "overdue_review.bpmn"
CONTENT = (Path(catalog.__file__).parent / FILE).read_bytes()
RENAMED = CONTENT.replace(b"<bpmn:process ", b"<!-- a word --><bpmn:process ", 1)


@pytest.fixture
def manager(house):
    """The process manager's browser; no draft is left behind."""
    visitor = house.visit(PM)
    yield visitor
    visitor.post("/processes/draft/discard")


def upload(visitor, *files):
    """Send (content, name) pairs as a browser does."""
    sent = [(io.BytesIO(content), name) for content, name in files]
    return visitor.client.post(
        "/processes/upload",
        data={"_csrf_token": visitor.token(), "files": sent},
        content_type="multipart/form-data",
    )


def save(visitor, content, **headers):
    return visitor.client.post(
        f"/processes/files/{FILE}/content",
        data=content,
        content_type="application/xml",
        headers={"X-CSRFToken": visitor.token(), "Accept": "application/json", **headers},
    )


def test_the_published_files_are_listed_and_open_in_the_editor(manager):
    assert FILE in manager.get("/processes").text
    page = manager.get(f"/processes/files/{FILE}").text
    assert "data-bpmn-studio" in page
    assert f'data-save-url="/processes/files/{FILE}/content"' in page
    assert manager.get("/processes/choices").get_json()["forms"]


def test_a_diagram_is_handed_out_as_data_that_no_browser_runs(manager):
    answer = manager.get(f"/processes/files/{FILE}/content")

    assert answer.data == CONTENT
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_findings_name_their_element(manager):
    broken = CONTENT.replace(b'formId="overdue_review"', b'formId="nothing"')

    findings = manager.client.post(
        f"/processes/files/{FILE}/check",
        data=broken,
        content_type="application/xml",
        headers={"X-CSRFToken": manager.token()},
    ).get_json()

    assert [finding["element"] for finding in findings if finding["severity"] == "error"]
    assert all(finding["message"] for finding in findings)


def test_an_older_version_does_not_overwrite_a_newer_one(manager):
    etag = manager.get(f"/processes/files/{FILE}/content").headers["ETag"]

    first = save(manager, RENAMED, **{"If-Match": etag})
    second = save(manager, CONTENT, **{"If-Match": etag})
    third = save(manager, CONTENT, **{"If-Match": first.headers["ETag"]})

    assert (first.status_code, second.status_code, third.status_code) == (200, 409, 200)
    assert second.content_type == "application/problem+json"


def test_a_second_person_publishes(house, manager):
    upload(manager, (RENAMED, FILE))
    manager.post("/processes/draft/submission", comment="Ein Wort dazu")

    own = manager.post("/processes/draft/publication")
    other = house.visit(KO).post("/processes/draft/publication")

    assert (own.status_code, other.status_code) == (403, 302)
    assert "Ein Wort dazu" in manager.get("/processes").text
    assert manager.get(f"/processes/files/{FILE}/content").data == RENAMED


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"MZ\x00", "evil.exe", 422),
        (b"<x/>", "../../etc/passwd.bpmn", 302),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(manager, content, name, status):
    answer = upload(manager, (content, name))

    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_a_file_beyond_two_megabytes_is_refused(manager):
    assert save(manager, b"x" * 2_100_000).status_code == 422
    assert save(manager, b"x" * 26_000_000).status_code == 413


@pytest.mark.parametrize("role", sorted(set(Role) - {PM}))
def test_nobody_else_changes_a_diagram(house, role):
    assert upload(house.visit(role), (CONTENT, FILE)).status_code == 403
