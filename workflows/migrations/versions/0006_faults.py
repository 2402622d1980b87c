"""Faults know for which token something failed, and what could not be begun."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fault", sa.Column("token", sa.Integer(), nullable=True))
    op.add_column("fault", sa.Column("business_key", sa.Uuid(), nullable=True))
    op.add_column("fault", sa.Column("deployment_id", sa.Uuid(), nullable=True))
    named = sa.text("business_key IS NOT NULL")
    op.create_index(
        "ix_fault_business_key",
        "fault",
        ["business_key"],
        sqlite_where=named,
        postgresql_where=named,
    )
    _find_tokens()


def downgrade() -> None:
    op.drop_index("ix_fault_business_key", "fault")
    for column in ("deployment_id", "business_key", "token"):
        op.drop_column("fault", column)


def _find_tokens() -> None:
    """Tell of each open fault for which token it is, so that it is settled when that is left.

    A timer and a service have it in their job, a signal in what its job holds; a person's step is
    known by its task, a message by its process waiting for no other.
    """
    fault, job, task, wait = (
        sa.table(name, *map(sa.column, columns))
        for name, columns in {
            "fault": ("instance_id", "job_id", "job_kind", "process", "element", "state", "token"),
            "job": ("id", "token"),
            "user_task": ("instance_id", "process", "element", "state", "token"),
            "subscription": ("instance_id", "kind", "token"),
        }.items()
    )
    held = sa.column("payload", sa.JSON)["token"].as_integer()
    # a case guards what it tells: other work may hold a token that is no number
    of_signal = sa.case((fault.c.job_kind == "signal", held))
    its_job = sa.select(sa.func.coalesce(job.c.token, of_signal)).where(job.c.id == fault.c.job_id)
    its_task = _the_only(task).where(
        fault.c.job_kind.is_(None),
        task.c.instance_id == fault.c.instance_id,
        task.c.process == fault.c.process,
        task.c.element == fault.c.element,
        task.c.state == "open",
    )
    its_wait = _the_only(wait).where(
        fault.c.job_kind == "correlation",
        wait.c.instance_id == fault.c.instance_id,
        wait.c.kind == "message",
    )
    ways = (way.scalar_subquery() for way in (its_job, its_task, its_wait))
    found = sa.update(fault).values(token=sa.func.coalesce(*ways))
    op.execute(found.where(fault.c.state == "open"))


def _the_only(rows: sa.TableClause) -> sa.Select[tuple[int]]:
    """Give the token, unless there are several."""
    return sa.select(sa.func.min(rows.c.token)).having(sa.func.count() == 1)
