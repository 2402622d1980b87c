"""Statistics without ids, and how long history is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "stay_count",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("ended", sa.String(length=40), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_stay_count_count_positive")),
        sa.PrimaryKeyConstraint(
            "deployment_id",
            "process",
            "element",
            "month",
            "ended",
            "bucket",
            name=op.f("pk_stay_count"),
        ),
    )
    op.create_table(
        "cycle_count",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_cycle_count_count_positive")),
        sa.PrimaryKeyConstraint(
            "deployment_id",
            "process",
            "source",
            "target",
            "month",
            "bucket",
            name=op.f("pk_cycle_count"),
        ),
    )
    op.create_table(
        "retention_rule",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("deployment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_retention_rule_days_positive")),
        sa.CheckConstraint(
            "process <> '' OR deployment <> 0", name=op.f("ck_retention_rule_about_something")
        ),
        sa.PrimaryKeyConstraint("process", "deployment", name=op.f("pk_retention_rule")),
    )
    op.create_index(
        "ix_instance_ended",
        "instance",
        ["ended_at", "id"],
        sqlite_where=ENDED,
        postgresql_where=ENDED,
    )


def downgrade() -> None:
    op.drop_index("ix_instance_ended", "instance")
    op.drop_table("retention_rule")
    op.drop_table("cycle_count")
    op.drop_table("stay_count")
