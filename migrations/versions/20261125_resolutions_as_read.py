"""Resolutions keep what was read and confirmed; meetings begin as drafts; commitments have a state

Revision ID: resolutions_as_read
Revises: aliases
"""

import sqlalchemy as sa
from alembic import op

revision = "resolutions_as_read"
down_revision = "aliases"
branch_labels = None
depends_on = None

# What a paragraph wants of an entity, in the reader's words. Coming back, a committee that was
# to consider something is told as one that was instructed.
ROLES = {
    "instructed": "asked",
    "considers": "asked",
    "partner": "work_with",
    "collaborates": "collaborate",
    "reports_to": "report_to",
}
BACK = {
    "asked": "instructed",
    "work_with": "partner",
    "collaborate": "collaborates",
    "report_to": "reports_to",
}
STATUS = sa.Enum("draft", "adopted", name="status", native_enum=False, length=40)
FINDING_KIND = sa.Enum(
    *("body", "instrument", "deadline", "date", "purpose"),
    name="findingkind",
    native_enum=False,
    length=40,
)
FINDING_STATE = sa.Enum(
    *("confirmed", "corrected", "rejected", "added"),
    name="findingstate",
    native_enum=False,
    length=40,
)


def upgrade() -> None:
    rename_roles(ROLES)
    add("resolutions", sa.Column("status", STATUS, nullable=True))
    add("resolutions", sa.Column("organ_id", sa.Uuid(), nullable=True), "entities")
    add("resolutions", sa.Column("text", sa.Text(), nullable=True))
    add("resolutions", sa.Column("source_id", sa.Uuid(), nullable=True), "files")
    op.execute("UPDATE resolutions SET status = 'adopted' WHERE adopted_on IS NOT NULL")
    op.execute("UPDATE resolutions SET status = 'draft' WHERE adopted_on IS NULL")
    add("paragraphs", sa.Column("printed", sa.String(), nullable=True))
    add("paragraphs", sa.Column("opening", sa.String(), nullable=False), default="")
    add("paragraphs", sa.Column("parts", sa.JSON(), nullable=False), default="[]")
    add("addressees", sa.Column("qualifier", sa.String(), nullable=True))
    add("purposes", sa.Column("paragraph_id", sa.Uuid(), nullable=True), "paragraphs")
    add("documents", sa.Column("paragraph_id", sa.Uuid(), nullable=True), "paragraphs")
    add("deadlines", sa.Column("recipient_id", sa.Uuid(), nullable=True), "entities")
    add("deadlines", sa.Column("version", sa.Integer(), nullable=False), default="1")
    with op.batch_alter_table("deadlines") as table:
        table.alter_column("due_on", nullable=True, existing_type=sa.Date())
    make_findings()
    make_drafts()
    make_commitments()


def rename_roles(roles: dict[str, str]) -> None:
    """One of two roles of an entity in a paragraph that become the same is enough."""
    rows = sa.table(
        "addressees",
        sa.column("id"),
        sa.column("paragraph_id"),
        sa.column("entity_id"),
        sa.column("role"),
    )
    connection = op.get_bind()
    there = set()
    for row in connection.execute(sa.select(rows).order_by(rows.c.id)).all():
        role = roles.get(row.role, row.role)
        one = rows.c.id == row.id
        if (row.paragraph_id, row.entity_id, role) in there:
            connection.execute(sa.delete(rows).where(one))
        elif role != row.role:
            connection.execute(sa.update(rows).where(one).values(role=role))
        there.add((row.paragraph_id, row.entity_id, role))


def add(name: str, column: sa.Column, target: str = "", default: str | None = None) -> None:
    """A column, with what its rows begin with and the table that it points to."""
    column.server_default = None if default is None else sa.DefaultClause(default)
    with op.batch_alter_table(name) as table:
        table.add_column(column)
        if target:
            key = f"fk_{name}_{column.name}_{target}"
            table.create_foreign_key(key, target, [column.name], ["id"])
    if default is not None:
        with op.batch_alter_table(name) as table:
            table.alter_column(column.name, server_default=None, existing_type=column.type)


def make_findings() -> None:
    op.create_table(
        "findings",
        sa.Column("paragraph_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", FINDING_KIND, nullable=False),
        sa.Column("state", FINDING_STATE, nullable=False),
        sa.Column("starts", sa.Integer(), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("read", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paragraph_id"], ["paragraphs.id"], name="fk_findings_paragraph_id_paragraphs"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        sa.UniqueConstraint("paragraph_id", "position", name="uq_findings_paragraph_id_position"),
    )


def make_drafts() -> None:
    op.create_table(
        "meeting_drafts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_meeting_drafts_person_id_people"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["files.id"], name="fk_meeting_drafts_source_id_files"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_drafts"),
    )
    op.create_index("ix_meeting_drafts_person_id", "meeting_drafts", ["person_id"])


def make_commitments() -> None:
    op.create_table(
        "fulfilments",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("paragraph_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_fulfilments_meeting_id_meetings"
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"], ["paragraphs.id"], name="fk_fulfilments_paragraph_id_paragraphs"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_fulfilments"),
        sa.UniqueConstraint(
            "meeting_id", "paragraph_id", name="uq_fulfilments_meeting_id_paragraph_id"
        ),
    )
    op.create_table(
        "report_ladders",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_report_ladders_meeting_id_meetings"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_ladders"),
        sa.UniqueConstraint("meeting_id", name="uq_report_ladders_meeting_id"),
    )


def downgrade() -> None:
    for name in ("report_ladders", "fulfilments"):
        op.drop_table(name)
    op.drop_index("ix_meeting_drafts_person_id", "meeting_drafts")
    op.drop_table("meeting_drafts")
    op.drop_table("findings")
    # A deadline without a day cannot be told below.
    op.execute("DELETE FROM deadlines WHERE due_on IS NULL")
    with op.batch_alter_table("deadlines") as table:
        table.alter_column("due_on", nullable=False, existing_type=sa.Date())
    drop("deadlines", "version")
    drop("deadlines", "recipient_id", "entities")
    drop("documents", "paragraph_id", "paragraphs")
    drop("purposes", "paragraph_id", "paragraphs")
    drop("addressees", "qualifier")
    for name in ("parts", "opening", "printed"):
        drop("paragraphs", name)
    drop("resolutions", "source_id", "files")
    drop("resolutions", "text")
    drop("resolutions", "organ_id", "entities")
    drop("resolutions", "status")
    # What only says that a body is named has no word below.
    op.execute("DELETE FROM addressees WHERE role = 'other'")
    rename_roles(BACK)


def drop(name: str, column: str, target: str = "") -> None:
    with op.batch_alter_table(name) as table:
        if target:
            table.drop_constraint(f"fk_{name}_{column}_{target}", type_="foreignkey")
        table.drop_column(column)
