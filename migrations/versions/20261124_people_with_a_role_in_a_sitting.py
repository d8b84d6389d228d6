"""people with a role in a sitting

Revision ID: sitting_people
Revises: journal
"""

import sqlalchemy as sa
from alembic import op

revision = "sitting_people"
down_revision = "journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sitting_people",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "presides",
                "rapporteur",
                "speaks",
                "assists",
                name="sittingrole",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sitting_people_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_people_sitting_id_sittings")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", name=op.f("pk_sitting_people")),
    )
    with op.batch_alter_table("sitting_people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sitting_people_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("sitting_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_people_person_id"))
    op.drop_table("sitting_people")
