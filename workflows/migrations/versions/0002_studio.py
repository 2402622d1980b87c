"""The shared draft of the process studio."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studio_draft",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_by IS NULL)",
            name=op.f("ck_studio_draft_submitted_by_somebody"),
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_studio_draft_only_one")),
        sa.ForeignKeyConstraint(
            ["base_id"], ["deployment.id"], name=op.f("fk_studio_draft_base_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_draft")),
    )
    op.create_table(
        "studio_draft_author",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["studio_draft.id"],
            name=op.f("fk_studio_draft_author_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name=op.f("pk_studio_draft_author")),
    )
    op.create_table(
        "studio_draft_file",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["studio_draft.id"],
            name=op.f("fk_studio_draft_file_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_studio_draft_file")),
    )


def downgrade() -> None:
    op.drop_table("studio_draft_file")
    op.drop_table("studio_draft_author")
    op.drop_table("studio_draft")
