"""Runs migrations on the connection that `sql_migrations` gives: Alembic's entry point."""

from alembic import context

from activities.adapters.sql_tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
