"""Suspended instances and what operators did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LISTED = {
    "ix_instance_cancelled": "state = 'cancelled'",
    "ix_instance_suspended": "suspended_at IS NOT NULL",
}
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("instance") as batch_op:
        batch_op.add_column(sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_instance_suspended_while_active"),
            "state = 'active' OR suspended_at IS NULL",
        )
        for name, rows in _LISTED.items():
            batch_op.create_index(
                name, ["id"], sqlite_where=sa.text(rows), postgresql_where=sa.text(rows)
            )
        batch_op.create_index("ix_instance_process", ["process", "id"])
    with op.batch_alter_table("job") as batch_op:
        batch_op.add_column(sa.Column("held_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_job_held_is_not_due"), "(held_due_at IS NULL) OR (due_at IS NULL)"
        )

    op.create_table(
        "operator_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("fault_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("about", JSON, nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(case_id IS NULL) = (sealed_reason IS NULL)",
            name=op.f("ck_operator_act_sealed_for_a_case"),
        ),
        sa.CheckConstraint(
            "(reason IS NULL) = (case_id IS NOT NULL)", name=op.f("ck_operator_act_reason_given")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_act")),
    )
    with op.batch_alter_table("operator_act") as batch_op:
        batch_op.create_index(batch_op.f("ix_operator_act_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_operator_act_instance", ["instance_id", "at"], unique=False)

    op.create_table(
        "migration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("wishes", JSON, nullable=False),
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"], ["deployment.id"], name=op.f("fk_migration_target_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    op.create_table(
        "migration_item",
        sa.Column("migration_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.Column("report", JSON, nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (done_at IS NULL)",
            name=op.f("ck_migration_item_done_unless_waiting"),
        ),
        sa.ForeignKeyConstraint(
            ["migration_id"],
            ["migration.id"],
            name=op.f("fk_migration_item_migration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
            name=op.f("fk_migration_item_instance_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["deployment.id"], name=op.f("fk_migration_item_source_id")
        ),
        sa.PrimaryKeyConstraint("migration_id", "instance_id", name=op.f("pk_migration_item")),
    )
    with op.batch_alter_table("migration_item") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_migration_item_instance_id"), ["instance_id"], unique=False
        )
        batch_op.create_index(
            "ix_migration_item_waiting",
            ["migration_id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    op.drop_table("migration_item")
    op.drop_table("migration")
    op.drop_table("operator_act")

    op.execute("UPDATE job SET due_at = held_due_at WHERE held_due_at IS NOT NULL")
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_job_held_is_not_due"), type_="check")
        batch_op.drop_column("held_due_at")
    with op.batch_alter_table("instance") as batch_op:
        for name in (*_LISTED, "ix_instance_process"):
            batch_op.drop_index(name)
        batch_op.drop_constraint(batch_op.f("ck_instance_suspended_while_active"), type_="check")
        batch_op.drop_column("suspended_at")
