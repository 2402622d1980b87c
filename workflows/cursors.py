"""Where a list goes on: the sort key of the last row, opaque to whoever carries it."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

from bpmn.errors import Invalid
from bpmn.wording import say


class CursorUnreadable(Invalid):
    def __init__(self) -> None:
        super().__init__(say("This page of the list no longer exists. Please start at the top."))


def write(at: datetime | None, row: UUID) -> str:
    text = f"{at.isoformat() if at else ''}|{row}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str) -> tuple[datetime | None, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, row = text.partition("|")
        instant = datetime.fromisoformat(at) if at else None
        if instant is not None and instant.tzinfo is None:
            raise CursorUnreadable
        return instant, UUID(row)
    except (binascii.Error, ValueError):
        raise CursorUnreadable from None
