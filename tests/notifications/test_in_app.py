from uuid import uuid4

import pytest

from notifications import in_app
from notifications.errors import NoticeUnknown, TemplateRefused

VERA, OTTO = uuid4(), uuid4()


def tell(transactions, person):
    with transactions.begin() as uow:
        return in_app.tell(uow, person, "task_overdue", "/tasks/1", "KKM-2027-00042")


def unread(transactions, person):
    with transactions.reading() as session:
        return in_app.unread(session, person)


def test_a_notice_waits_until_it_is_read(transactions):
    notice = tell(transactions, VERA)
    (waiting,) = unread(transactions, VERA)

    for _ in range(2):
        with transactions.begin() as uow:
            in_app.mark_read(uow, VERA, notice)

    assert (str(waiting.sentence), waiting.path) == ("A task is overdue.", "/tasks/1")
    assert unread(transactions, VERA) == []
    assert unread(transactions, OTTO) == []


def test_nobody_reads_the_notices_of_others_away(transactions):
    notice = tell(transactions, VERA)

    with transactions.begin() as uow, pytest.raises(NoticeUnknown):
        in_app.mark_read(uow, OTTO, notice)

    assert len(unread(transactions, VERA)) == 1


@pytest.mark.parametrize(
    ("template", "path"), [("gossip", "/tasks/1"), ("task_due", "https://elsewhere.example")]
)
def test_a_notice_has_a_wording_and_a_page_of_ours(transactions, template, path):
    with transactions.begin() as uow, pytest.raises(TemplateRefused):
        in_app.tell(uow, VERA, template, path)
