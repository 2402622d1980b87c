"""The history tells of stays: from when to when, how they ended and by whom."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RULES = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
UNCOUNTED = sa.text("left_at IS NOT NULL AND NOT counted")
OPEN = sa.text("left_at IS NULL")

_FILL = """
    WITH entered AS (
        SELECT history.*, row_number() OVER (
            PARTITION BY instance_id, token ORDER BY step, position) AS which
        FROM history WHERE passage = 'entered'
    ), gone AS (
        SELECT history.*, row_number() OVER (
            PARTITION BY instance_id, token ORDER BY step, position) AS which
        FROM history WHERE passage IN ('left', 'cancelled')
    )
    INSERT INTO stay (instance_id, token, number, deployment_id, process, element, entered_at,
        step, position, left_at, left_step, left_position, ended, by, counted)
    SELECT entered.instance_id, entered.token, 0, instance.deployment_id, entered.process,
        entered.element, entered.at, entered.step, entered.position,
        COALESCE(gone.at, instance.ended_at),
        COALESCE(gone.step, CASE WHEN instance.ended_at IS NOT NULL THEN instance.version END),
        COALESCE(gone.position, CASE WHEN instance.ended_at IS NOT NULL THEN 0 END),
        CASE WHEN gone.passage = 'left' THEN 'completed'
            WHEN gone.passage IS NOT NULL OR instance.ended_at IS NOT NULL THEN 'cancelled' END,
        CASE WHEN gone.passage = 'left' THEN user_task.closed_by END, :no
    FROM entered
    JOIN instance ON instance.id = entered.instance_id
    LEFT JOIN gone ON gone.instance_id = entered.instance_id AND gone.token = entered.token
        AND gone.which = 1
    LEFT JOIN user_task ON user_task.instance_id = entered.instance_id
        AND user_task.token = entered.token
    WHERE entered.which = 1
"""
_EMPTY = """
    INSERT INTO history (instance_id, step, position, at, token, process, element, passage)
    SELECT instance_id, step, row_number() OVER (
            PARTITION BY instance_id, step ORDER BY position, kind) - 1,
        at, token, process, element, passage
    FROM (
        SELECT instance_id, step, position, 0 AS kind, entered_at AS at, token, process, element,
            'entered' AS passage FROM stay
        UNION ALL
        SELECT instance_id, left_step, left_position, 1, left_at, token, process, element,
            CASE WHEN ended IN ('completed', 'skipped') THEN 'left' ELSE 'cancelled' END
        FROM stay WHERE left_at IS NOT NULL
    ) AS passages
"""


def upgrade() -> None:
    op.create_table(
        "stay",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_step", sa.Integer(), nullable=True),
        sa.Column("left_position", sa.Integer(), nullable=True),
        sa.Column("ended", sa.String(length=40), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("rules", RULES, nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(left_at IS NULL) = (ended IS NULL) AND (left_at IS NULL) = (left_step IS NULL)"
            " AND (left_at IS NULL) = (left_position IS NULL)",
            name=op.f("ck_stay_left_as_it_ended"),
        ),
        sa.CheckConstraint("ended IS NOT NULL OR by IS NULL", name=op.f("ck_stay_by_who_ended")),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
            name=op.f("fk_stay_instance_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("instance_id", "token", "number", name=op.f("pk_stay")),
    )
    op.execute(sa.text(_FILL).bindparams(sa.bindparam("no", False, sa.Boolean())))
    _keep_rules(op.get_bind())
    op.create_index(
        "ix_stay_open",
        "stay",
        ["deployment_id", "process", "element", "entered_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_stay_uncounted",
        "stay",
        ["instance_id"],
        sqlite_where=UNCOUNTED,
        postgresql_where=UNCOUNTED,
    )


def _keep_rules(connection: sa.Connection) -> None:
    """Bring the rows of decision tables to the stays in which they gave the answer."""
    stay = sa.table(
        "stay",
        sa.column("instance_id", sa.Uuid()),
        sa.column("token", sa.Integer()),
        sa.column("rules", RULES),
    )
    history = sa.table(
        "history",
        sa.column("instance_id", sa.Uuid()),
        sa.column("token", sa.Integer()),
        sa.column("step", sa.Integer()),
        sa.column("position", sa.Integer()),
        sa.column("element", sa.Text()),
        sa.column("passage", sa.Text()),
    )
    told: dict[tuple[Any, Any], list[Any]] = {}
    decided = sa.select(history.c.instance_id, history.c.token, history.c.element)
    decided = decided.where(history.c.passage == "decided")
    for instance, token, rule in connection.execute(
        decided.order_by(history.c.instance_id, history.c.step, history.c.position)
    ):
        told.setdefault((instance, token), []).append(rule)
    for (instance, token), rules in told.items():
        here = (stay.c.instance_id == instance) & (stay.c.token == token)
        connection.execute(sa.update(stay).where(here).values(rules=rules))


def downgrade() -> None:
    op.execute("DELETE FROM history")
    op.execute(_EMPTY)
    op.drop_table("stay")
