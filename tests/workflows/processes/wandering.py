"""What may happen next to a shipped process, and what people answer who mean nothing by it."""

from datetime import timedelta
from decimal import Decimal

from bpmn.forms import process_fields
from bpmn.forms.form import FieldKind
from tests.workflows.processes.driving import ANSWERS, HOST, SAFE

REFERENCES = {"mediator": "m1", "quarter": "q1"}
SELDOM = {"withdrawal", "safety_exit"}
"""Messages that end a case early."""
OFTEN = 6


class Wanderer:
    """Walks by dice. `now` tells the time by which dates are answered."""

    def __init__(self, dice, definitions, now):
        self._dice, self._definitions, self._now = dice, definitions, now

    def go(self, run, turns):
        """Do one thing after another."""
        for _ in range(turns):
            ways = self.ways(run)
            if not ways:
                return
            verb, token, *values = self._dice.choice(ways)
            getattr(run, verb)(token, *values)
            run.settle()

    def ways(self, run):
        """List what may happen: the verb, the token and the values; the likely several times."""
        tasks = [("complete", one.token, self._answers(one.form)) for one in run.waiting_tasks()]
        jobs = [("finish_job", one.token, ANSWERS.get(one.type, {})) for one in run.waiting_jobs()]
        messages = [
            ("deliver", one.token, {})
            for one in run.waiting_messages()
            if one.message not in SELDOM or self._dice.random() < 0.1
        ]
        timers = [("fire", one.token) for one in run.waiting_timers()]
        return (tasks + jobs) * OFTEN + messages + timers

    def _answers(self, form):
        fields = process_fields(self._definitions.forms[form], HOST)
        return {field.key: self._answer(field) for field in fields}

    def _answer(self, field):
        dice = self._dice
        if field.key in SAFE and dice.random() < 0.97:
            return SAFE[field.key]
        if field.options:
            values = [option.value for option in field.options]
            one = values[0] if dice.random() < 0.5 else dice.choice(values)
            return [one] if field.takes_several else one
        later = timedelta(days=dice.randrange(1, 30))
        return {
            FieldKind.YES_NO: dice.random() < 0.8,
            FieldKind.NUMBER: Decimal(dice.randrange(1, 6)),
            FieldKind.DATE: (self._now() + later).date(),
            FieldKind.DATE_TIME: self._now() + later,
        }.get(field.kind, REFERENCES.get(field.key))
