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
    # No batch: SQLite would make the table anew, and other tables name it.
    op.add_column("entities", sa.Column("aliases", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("entities", "aliases")
