"""Sign-ins know when and from what device they were last used

Revision ID: sign_ins_end_unused
Revises: documents
"""

import sqlalchemy as sa
from alembic import op

revision = "sign_ins_end_unused"
down_revision = "documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_ins") as table:
        table.add_column(sa.Column("seen_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("agent", sa.String(), server_default="", nullable=False))
    op.execute("UPDATE sign_ins SET seen_at = created_at")
    with op.batch_alter_table("sign_ins") as table:
        table.alter_column("seen_at", nullable=False, existing_type=sa.DateTime(timezone=True))
        table.alter_column("agent", server_default=None, existing_type=sa.String())


def downgrade() -> None:
    with op.batch_alter_table("sign_ins") as table:
        table.drop_column("agent")
        table.drop_column("seen_at")
