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


def downgrade() -> None:
    for column in ("deployment_id", "business_key", "token"):
        op.drop_column("fault", column)
