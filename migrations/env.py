"""Runs revisions on the connection that `workflow.services.install` hands over."""

from alembic import context

from workflow.persistence.schema import metadata


def run() -> None:
    """Run the revisions in the caller's transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        # SQLite alters by copying tables; batch mode writes that copy (and drops triggers: each
        # such revision puts them back, see migrations/triggers.py).
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
    )
    context.run_migrations()


run()
