"""An office in which services fail, and somebody who tends it."""

from bpmn.errors import Invalid
from bpmn.wording import say
from engine import queries
from engine.handlers import Handlers
from engine.unit_of_work import Transactions
from workflows import audit
from workflows.access import Role
from workflows.tending import faults, instances
from workflows.tending.acts import Why

BECAUSE = Why("The register was away.")


class Room:
    def __init__(self, agency):
        self.agency = agency
        self.olga = agency.hire("Olga", Role.ADMINISTRATION)
        self._working = agency.handlers

    def break_services(self):
        failing = dict.fromkeys(self._working.services, _refuse)
        self.agency.handlers = Handlers(failing, self._working.jobs)

    def mend_services(self):
        self.agency.handlers = self._working

    def outdate_diagrams(self):
        """Come back with a version that runs none of the diagrams any more."""
        self.agency.transactions = Transactions(self.agency.transactions.engine)

    def report_in_vain(self):
        """Report a case whose first service fails."""
        self.break_services()
        reported = self.agency.report()
        self.mend_services()
        return reported.case_id

    def faults(self, actor=None):
        with self.agency.transactions.reading() as reading:
            return faults.list_faults(reading, actor or self.olga).rows

    def do(self, act, *given, actor=None, why=BECAUSE):
        with self.agency.transactions.begin() as uow:
            thing, *more = given
            return act(uow, actor or self.olga, thing, why, *more)

    def instance_of(self, case_id):
        with self.agency.transactions.reading() as reading:
            return queries.instances_of(reading, case_id)[0].id

    def look(self, case_id):
        with self.agency.transactions.reading() as reading:
            return instances.open_instance(reading, self.olga, self.instance_of(case_id))

    def acts(self, case_id):
        return [(act.action, act.about, act.reason) for act in self.look(case_id).acts.rows]

    def audited(self, case_id):
        with self.agency.transactions.reading() as reading:
            assert list(audit.verify(reading)) == []
            return [(line.action, line.fields) for line in audit.lines(reading, case_id)]


def _refuse(*_):
    raise Invalid(say("Wrong."))
