"""Instants as a snapshot keeps them: whole microseconds since 1970."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def stamp(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def moment(stamped: int) -> datetime:
    return EPOCH + stamped * MICROSECOND
