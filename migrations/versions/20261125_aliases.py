"""Entities have other spellings by which texts call them

Revision ID: aliases
Revises: sign_ins_end_unused
"""

import sqlalchemy as sa
from alembic import op

revision = "aliases"
down_revision = "sign_ins_end_unused"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("entities") as table:
        table.add_column(sa.Column("aliases", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("entities") as table:
        table.alter_column("aliases", server_default=None, existing_type=sa.JSON())


def downgrade() -> None:
    with op.batch_alter_table("entities") as table:
        table.drop_column("aliases")
