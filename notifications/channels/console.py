"""The way out of an installation without a mail relay: the letter stays in the mailbox page."""

import structlog

from notifications.channels.parcel import Parcel

log = structlog.get_logger()


class Console:
    """Says that there was a letter, and keeps whom it was for and what it said to the mailbox."""

    def send(self, parcel: Parcel) -> None:
        log.debug("letter_kept", letter=str(parcel.id))
