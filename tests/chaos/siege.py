"""Kills the processes of a town at random moments while clerks work, and starts them again."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos import proof
from tests.chaos.clerks import Clerk
from tests.chaos.ledger import Kind, Ledger
from tests.chaos.town import eventually

CLERKS = 4
LONGEST_LIFE = 1.2
"""Seconds that a process lives at most after it serves."""
LONGEST_BIRTH = 0.5
"""Seconds after which a process is killed at the latest that is killed while it starts."""
AT_ONCE = 2
"""So many die at one moment, where there are several."""
LEASES_LAPSE = 4
"""Each time after so many moments, what dead and living workers had leased is anybody's again."""
QUIET_WITHIN = 120.0


@dataclass
class Siege:
    town: object
    seed: int
    ledger: Ledger = field(default_factory=Ledger)
    starts: list = field(default_factory=list)
    kills: int = 0

    def run(self, kills):
        """Do it; what is left is a town in which everything due has been done."""
        chance = random.Random(self.seed)
        for house in self.town.houses:
            house.serve()
        clerks = [Clerk(number, self.seed, self.town, self.ledger) for number in range(CLERKS)]
        for clerk in clerks:
            clerk.start()
        at_once = min(AT_ONCE, len(self.town.houses))
        rounds = kills // at_once
        for number in range(rounds):
            if number in {rounds // 3, 2 * rounds // 3}:
                self.town.move_on(days=1 if number == rounds // 3 else 5)
            self._kill(chance, number, chance.sample(self.town.houses, at_once))
            if number % LEASES_LAPSE == 0:
                self.town.let_leases_lapse()
        for clerk in clerks:
            clerk.finish()
        for clerk in clerks:
            clerk.join(120)
        self.closed = sum(clerk.closed for clerk in clerks)

    def _kill(self, chance, number, houses):
        """Kill these at one moment, and have them serve again."""
        if number % 6 == 5:
            for house in houses:
                house.kill()
                house.start()
            time.sleep(chance.uniform(0, LONGEST_BIRTH))
        else:
            time.sleep(chance.uniform(0, LONGEST_LIFE))
        for house in houses:
            house.kill()
        self.kills += len(houses)
        begun = time.monotonic()
        for house in houses:
            house.start()
        self.starts += [house.await_readiness(begun) for house in houses]

    def calm(self):
        """Wait until everything that is due has been done, then ask the processes to stop."""
        self.town.let_leases_lapse()
        with self.town.opened() as app:
            app.moved_clock.follow()
            quiet = eventually(lambda: proof.is_quiet(app), QUIET_WITHIN)
            self.given_up = proof.given_up(app)
            if self.given_up:
                self._try_again()
                quiet = eventually(lambda: proof.is_quiet(app), QUIET_WITHIN)
        ends = [house.stop() for house in self.town.houses]
        return quiet, ends

    def _try_again(self):
        """Do as an operator does with work during which a process died again and again."""
        kind, why = ["--error", proof.GIVEN_UP], ["--reason", "The siege is over."]
        self.town.doors[0].command("fault", "retry", *kind, *why)

    def account(self, box):
        """Sum up what happened, as the ledger that is printed."""
        done = Counter(each.kind.value for each in self.ledger.commands if each.status)
        return {
            "seed": self.seed,
            "faults": self.kills,
            "given_up": self.given_up,
            "slowest_start_s": round(max(self.starts), 2),
            "commands": dict(done),
            "repeated": self.ledger.repeated(),
            "busy": self.ledger.busy,
            "refused": len(self.ledger.refused()),
            "cases_closed": self.closed,
            "names": dict(Counter(e.name for e in self.ledger.done(Kind.COMPLETE))),
            "mails": len(box.mails),
            "mails_doubled": proof.doubled_mails(box),
        }
