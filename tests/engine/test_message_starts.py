"""A message for which nobody waits begins the process that starts by it, once."""

from uuid import UUID

from sqlalchemy import select

from engine import instances, messages
from engine.models import Instance, Message
from tests.engine.desk import CASE
from tests.engine.stages import Begin, Boom, Task
from tests.engine.stages import Message as Letter

INCIDENT = (Begin("incident"), Task("triage"))
FOLLOWED = (Begin("incident"), Letter("incident", str(CASE)), Task("merge"))


def running(desk):
    with desk.transactions.reading() as session:
        return session.execute(select(Instance.id, Instance.process, Instance.business_key)).all()


def kept(desk):
    with desk.transactions.reading() as session:
        return session.scalars(select(Message.name)).all()


def test_a_message_begins_a_process_with_its_content(desk):
    desk.publish(incident=INCIDENT)

    desk.message("incident", key="a gate", variables={"place": "yard"})
    desk.run_due()

    ((instance_id, process, business_key),) = running(desk)
    assert (process, business_key, kept(desk)) == ("incident", None, [])
    with desk.transactions.begin() as uow:
        assert instances.variables(uow, instance_id) == {"place": "yard"}


def test_a_key_that_is_an_id_says_for_what_the_process_works(desk):
    desk.publish(incident=INCIDENT)

    desk.message("incident", key=str(CASE))
    desk.run_due()

    assert list(desk.open_tasks()) == ["triage"]


def test_who_waits_for_the_message_gets_it_and_nothing_begins(desk):
    desk.publish(incident=FOLLOWED)
    desk.message("incident", key=str(CASE))
    desk.run_due()

    desk.message("incident", key=str(CASE))
    desk.run_due()

    assert len(running(desk)) == 1
    assert list(desk.open_tasks()) == ["merge"]


def test_a_message_with_another_key_begins_another(desk):
    desk.publish(incident=FOLLOWED)
    for number in (1, 2):
        desk.message("incident", key=str(UUID(int=number)))
        desk.run_due()

    assert {key for _, _, key in running(desk)} == {UUID(int=1), UUID(int=2)}


def test_a_command_sent_twice_begins_one_process(desk):
    desk.publish(incident=INCIDENT)

    for _ in range(2):
        with desk.transactions.begin() as uow:
            uow.once("form-1", lambda uow=uow: str(messages.publish(uow, "incident", "x")))
        desk.run_due()

    assert len(running(desk)) == 1


def test_a_message_by_which_nothing_starts_is_kept(desk):
    desk.publish(incident=INCIDENT)

    desk.message("withdrawal")
    desk.run_due()

    assert (running(desk), kept(desk)) == ([], ["withdrawal"])


def test_a_kept_message_begins_nothing_that_is_published_later_but_reaches_who_waits(desk):
    desk.message("incident", key=str(CASE))
    desk.run_due()
    desk.publish(incident=INCIDENT, later=(Letter("incident", str(CASE)), Task("merge")))
    desk.run_due()
    before = (running(desk), kept(desk))

    with desk.transactions.begin() as uow:
        instances.start(uow, "later", {}, CASE)
    desk.run_due()

    assert before == ([], ["incident"])
    assert (list(desk.open_tasks()), kept(desk)) == (["merge"], [])


def test_only_the_current_deployment_starts_by_messages(desk):
    desk.publish(incident=INCIDENT)
    desk.publish(incident=(Task("triage"),))

    desk.message("incident")
    desk.run_due()

    assert (running(desk), kept(desk)) == ([], ["incident"])


def test_a_process_that_cannot_begin_is_a_fault_and_the_message_is_kept(desk):
    desk.publish(incident=(Begin("incident"), Boom))

    desk.message("incident")
    for _ in range(6):
        desk.wait(hours=12)

    assert [fault.error for fault in desk.faults()] == ["ZeroDivisionError"]
    assert (running(desk), kept(desk)) == ([], ["incident"])


def test_a_process_that_cannot_be_begun_leaves_a_fault_that_knows_for_what_it_would_have_worked(
    desk,
):
    deployment = desk.publish(bad=(Begin("incident"), Boom))

    desk.message("incident", key=str(CASE))
    desk.run_due()

    (fault,) = desk.faults()
    known = (fault.process, fault.business_key, fault.deployment_id, fault.digest)
    assert known == ("bad", CASE, deployment.id, deployment.digest)
    with desk.transactions.begin() as uow:
        instances.erase(uow, CASE)
    assert desk.faults() == []


def test_a_fault_of_a_message_whose_key_is_no_id_names_no_case(desk):
    desk.publish(bad=(Begin("incident"), Boom))

    desk.message("incident", key="a gate")
    desk.run_due()

    (fault,) = desk.faults()
    assert (fault.process, fault.business_key) == ("bad", None)
