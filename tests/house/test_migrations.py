"""The migrations make exactly the tables that the code declares."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from workflow.bootstrap import Runtime
from workflow.persistence.schema import metadata


def test_the_migrations_make_the_declared_tables(runtime: Runtime) -> None:
    with runtime.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
