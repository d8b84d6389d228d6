"""groups

Revision ID: groups
Revises: resolutions_as_read
"""

import sqlalchemy as sa
from alembic import op

revision = "groups"
down_revision = "resolutions_as_read"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clearances",
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked", "cleared", "returned", name="clearancestate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_by", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_clearances_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearances")),
    )
    with op.batch_alter_table("clearances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clearances_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("original_language", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("held_at_id", sa.Uuid(), nullable=True),
        sa.Column(
            "way",
            sa.Enum(
                "adopted", "ad_referendum", "silence", name="way", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_zone", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("adopted", "not_adopted", name="outcome", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_by", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["held_at_id"], ["meetings.id"], name=op.f("fk_decisions_held_at_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_decisions_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["decisions.id"], name=op.f("fk_decisions_supersedes_id_decisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_decisions_meeting_id_number")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "group_members",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("votes", sa.Boolean(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_group_members_entity_id_entities")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_group_members_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
        sa.UniqueConstraint(
            "meeting_id", "entity_id", name=op.f("uq_group_members_meeting_id_entity_id")
        ),
    )
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_members_meeting_id"), ["meeting_id"], unique=False
        )

    op.create_table(
        "groups",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("symbol_prefix", sa.String(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("room", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("quorum_base", sa.Integer(), nullable=True),
        sa.Column("quorum_open", sa.Integer(), nullable=False),
        sa.Column("quorum_decide", sa.Integer(), nullable=False),
        sa.Column("quorum_source", sa.String(), nullable=False),
        sa.Column("needs_clearance", sa.JSON(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_groups_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["entities.id"], name=op.f("fk_groups_parent_id_entities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("key", name=op.f("uq_groups_key")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_groups_meeting_id")),
    )
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_groups_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "hosts",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("focal_points", sa.String(), nullable=False),
        sa.Column("requests", sa.JSON(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_hosts_entity_id_entities")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_hosts_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosts")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_hosts_meeting_id")),
    )
    with op.batch_alter_table("hosts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hosts_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "liaisons",
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("considers", sa.JSON(), nullable=False),
        sa.Column("paragraph_id", sa.Uuid(), nullable=True),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_liaisons_entity_id_entities")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_liaisons_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"], ["paragraphs.id"], name=op.f("fk_liaisons_paragraph_id_paragraphs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaisons")),
        sa.UniqueConstraint(
            "meeting_id", "entity_id", name=op.f("uq_liaisons_meeting_id_entity_id")
        ),
    )
    with op.batch_alter_table("liaisons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_liaisons_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "precedences",
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("held_at_id", sa.Uuid(), nullable=True),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["held_at_id"], ["meetings.id"], name=op.f("fk_precedences_held_at_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_precedences_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_precedences")),
    )
    with op.batch_alter_table("precedences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_precedences_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "group_people",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_group_people_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["group_members.id"],
            name=op.f("fk_group_people_member_id_group_members"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_group_people_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_people")),
        sa.UniqueConstraint(
            "meeting_id", "person_id", name=op.f("uq_group_people_meeting_id_person_id")
        ),
    )
    with op.batch_alter_table("group_people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_people_meeting_id"), ["meeting_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_group_people_member_id"), ["member_id"], unique=False)

    op.create_table(
        "objections",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came_by", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_objections_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_objections_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["group_members.id"], name=op.f("fk_objections_member_id_group_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_objections_decision_id"), ["decision_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_objections_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "reservations",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_by", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_reservations_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_reservations_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["group_members.id"],
            name=op.f("fk_reservations_member_id_group_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.UniqueConstraint(
            "decision_id", "member_id", name=op.f("uq_reservations_decision_id_member_id")
        ),
    )
    with op.batch_alter_table("reservations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reservations_meeting_id"), ["meeting_id"], unique=False
        )

    op.create_table(
        "tasks",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("post", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days_before", sa.Integer(), nullable=True),
        sa.Column("paragraph_id", sa.Uuid(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "under_way",
                "done",
                "dropped",
                name="taskstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(due_on IS NULL) <> (days_before IS NULL)", name=op.f("ck_tasks_one_kind_of_day")
        ),
        sa.CheckConstraint(
            "(entity_id IS NULL) <> (post IS NULL)", name=op.f("ck_tasks_one_kind_of_owner")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_tasks_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name=op.f("fk_tasks_entity_id_entities")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_tasks_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"], ["paragraphs.id"], name=op.f("fk_tasks_paragraph_id_paragraphs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_tasks_meeting_id_number")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "elections",
        sa.Column(
            "post",
            sa.Enum("chair", "vice_chair", "rapporteur", name="post", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("delegate_id", sa.Uuid(), nullable=False),
        sa.Column("nominated_by_id", sa.Uuid(), nullable=True),
        sa.Column("seconded_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "method",
            sa.Enum("acclamation", "vote", name="method", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("in_favour", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=True),
        sa.Column("abstained", sa.Integer(), nullable=True),
        sa.Column("held_at_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_elections_days_in_order")),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["group_people.id"], name=op.f("fk_elections_delegate_id_group_people")
        ),
        sa.ForeignKeyConstraint(
            ["held_at_id"], ["meetings.id"], name=op.f("fk_elections_held_at_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_elections_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["nominated_by_id"],
            ["group_members.id"],
            name=op.f("fk_elections_nominated_by_id_group_members"),
        ),
        sa.ForeignKeyConstraint(
            ["seconded_by_id"],
            ["group_members.id"],
            name=op.f("fk_elections_seconded_by_id_group_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections")),
    )
    with op.batch_alter_table("elections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_elections_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "group_meetings",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_id", sa.Uuid(), nullable=False),
        sa.Column("convened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("presided_by_id", sa.Uuid(), nullable=True),
        sa.Column("presided_why", sa.String(), nullable=False),
        sa.Column("summary_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["held_id"], ["meetings.id"], name=op.f("fk_group_meetings_held_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_group_meetings_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["presided_by_id"],
            ["group_people.id"],
            name=op.f("fk_group_meetings_presided_by_id_group_people"),
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"], ["documents.id"], name=op.f("fk_group_meetings_summary_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_meetings")),
        sa.UniqueConstraint("held_id", name=op.f("uq_group_meetings_held_id")),
        sa.UniqueConstraint(
            "meeting_id", "number", name=op.f("uq_group_meetings_meeting_id_number")
        ),
    )
    with op.batch_alter_table("group_meetings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_meetings_meeting_id"), ["meeting_id"], unique=False
        )

    # A column that is added or dropped by itself leaves the table where others point to it.
    op.add_column(
        "editions", sa.Column("instructed_by", sa.String(), nullable=False, server_default="")
    )
    op.add_column("grants", sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("grants", sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "meetings", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.create_table(
        "preparations",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["meetings.id"],
            name=op.f("fk_preparations_conference_id_meetings"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_preparations_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_preparations")),
    )
    with op.batch_alter_table("preparations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_preparations_conference_id"), ["conference_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("preparations")
    op.drop_column("meetings", "version")
    op.drop_column("grants", "valid_until")
    op.drop_column("grants", "valid_from")
    op.drop_column("editions", "instructed_by")
    with op.batch_alter_table("group_meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_meetings_meeting_id"))

    op.drop_table("group_meetings")
    with op.batch_alter_table("elections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_elections_meeting_id"))

    op.drop_table("elections")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tasks_meeting_id"))

    op.drop_table("tasks")
    with op.batch_alter_table("reservations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reservations_meeting_id"))

    op.drop_table("reservations")
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objections_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_objections_decision_id"))

    op.drop_table("objections")
    with op.batch_alter_table("group_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_people_member_id"))
        batch_op.drop_index(batch_op.f("ix_group_people_meeting_id"))

    op.drop_table("group_people")
    with op.batch_alter_table("precedences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_precedences_meeting_id"))

    op.drop_table("precedences")
    with op.batch_alter_table("liaisons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_liaisons_meeting_id"))

    op.drop_table("liaisons")
    with op.batch_alter_table("hosts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hosts_meeting_id"))

    op.drop_table("hosts")
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_groups_meeting_id"))

    op.drop_table("groups")
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_members_meeting_id"))

    op.drop_table("group_members")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_meeting_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("clearances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clearances_meeting_id"))

    op.drop_table("clearances")
