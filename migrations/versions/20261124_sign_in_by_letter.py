"""sign in by letter

Revision ID: sign_in_by_letter
Revises: letters
"""

import sqlalchemy as sa
from alembic import op

revision = "sign_in_by_letter"
down_revision = "letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_asked",
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_asked")),
    )
    with op.batch_alter_table("sign_in_asked", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_asked_address_hash"), ["address_hash"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sign_in_asked_asked_at"), ["asked_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_in_asked", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_asked_asked_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_asked_address_hash"))
    op.drop_table("sign_in_asked")
