"""How far calendar sequences are ahead of what editions count

Revision ID: sequence_offset
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "sequence_offset"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.add_column(
            sa.Column("sequence_offset", sa.Integer(), nullable=False, server_default="0")
        )


def downgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.drop_column("sequence_offset")
