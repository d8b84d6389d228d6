"""Migrations go up from nothing, match the models, and go down and up again without loss."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import column as sql_column
from sqlalchemy import inspect, select, text
from sqlalchemy import table as sql_table

from app.core.database import create_engines
from app.schema import metadata
from app.startup import alembic_config


@pytest.fixture
def config(database_url):
    return alembic_config(database_url)


@pytest.fixture
def engine(database_url):
    engines = create_engines(database_url)
    yield engines.write
    engines.dispose()


def rows(engine):
    """The rows of every table, in an order of their own; of the columns that this schema has."""
    found = {}
    with engine.connect() as connection:
        here = inspect(connection)
        present = set(here.get_table_names())
        for table in metadata.sorted_tables:
            if table.name in present:
                names = {each["name"] for each in here.get_columns(table.name)}
                # Without types: a word that this schema does not know is a word all the same.
                plain = sql_table(table.name, *map(sql_column, sorted(names)))
                found[table.name] = sorted(map(dictionary, connection.execute(select(plain))))
    return found


def dictionary(row):
    return str(dict(row._mapping))


def test_there_is_one_head(config):
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_the_migrations_make_what_the_models_say(config):
    command.check(config)


def test_a_column_without_a_migration_is_noticed(config, engine):
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE rooms ADD COLUMN unexpected INTEGER"))

    with pytest.raises(CommandError):
        command.check(config)


def test_down_to_nothing_and_up_again(config, engine):
    command.downgrade(config, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}

    command.upgrade(config, "head")
    command.check(config)


def test_one_step_down_and_up_keeps_the_data(config, engine, demo):
    script = ScriptDirectory.from_config(config)
    if script.get_revision(script.get_current_head()).down_revision is None:
        # The first revision has nothing below it; migrating again must change nothing.
        before = rows(engine)
        command.upgrade(config, "head")
        assert rows(engine) == before
        return
    command.downgrade(config, "-1")
    kept = rows(engine)
    command.upgrade(config, "head")
    assert rows(engine).keys() >= kept.keys()
    command.downgrade(config, "-1")
    assert rows(engine) == kept
