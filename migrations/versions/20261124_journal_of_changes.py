"""journal of changes

Revision ID: journal
Revises: sequence_offset
"""

import sqlalchemy as sa
from alembic import op

revision = "journal"
down_revision = "sequence_offset"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column(
            "nature",
            sa.Enum("done", "undone", "redone", name="nature", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reverts", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_changes_meeting_id_number")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_changes_meeting_id_area_number"),
            ["meeting_id", "area", "number"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_changes_subject_id_number"), ["subject_id", "number"], unique=False
        )

    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # What was removed would be back on the agenda.
    op.execute("DELETE FROM items WHERE removed_at IS NOT NULL")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_column("removed_at")

    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_changes_subject_id_number"))
        batch_op.drop_index(batch_op.f("ix_changes_meeting_id_area_number"))

    op.drop_table("changes")
