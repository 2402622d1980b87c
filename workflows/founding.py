"""An installation is founded, and brought up to date at each start."""

from engine import deployments
from engine.queries import current_deployment
from workflows import calendar, migrations, sealing
from workflows.application import Application
from workflows.processes import catalog


def prepare(found: Application) -> None:
    """Bring the tables up to date, begin a new installation, and check that the key fits.

    Safe to call at every start, and by several processes at once.
    """
    migrations.upgrade(found.engine)
    found.follow_clock()
    with found.transactions.begin() as uow:
        sealing.prove(uow.session)
        if current_deployment(uow.connection) is None:
            calendar.begin(uow)
            deployments.publish(uow, catalog.shipped_bundle(), by="handschlag")
    with found.transactions.reading() as session:
        calendar.follow(session)
