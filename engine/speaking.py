"""A database that is busy or away, said in words that people understand."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from bpmn.errors import Unavailable
from engine import postgresql, sqlite
from engine.errors import DatabaseBusy, DatabaseDamaged


@contextmanager
def speaking() -> Iterator[None]:
    """Turn a database that is busy or away into a refusal that people understand."""
    try:
        yield
    except PoolExhausted as error:
        raise DatabaseBusy from error
    except OperationalError as error:
        refusal = sqlite.refusal(error) or postgresql.refusal(error)
        if refusal is None:
            raise
        raise refusal from error
    except IntegrityError as error:
        collision = postgresql.collision(error)
        if collision is None:
            raise
        raise collision from error
    except DBAPIError as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        raise trouble from error


def _trouble(error: DBAPIError) -> Unavailable | None:
    if sqlite.is_damaged(error):
        return DatabaseDamaged()
    return DatabaseBusy() if error.connection_invalidated else None
