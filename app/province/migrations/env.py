"""Alembic's entry: the connection and its transaction are the store's own."""

from alembic import context

import app.province.national.tables  # noqa: F401  (its tables are the store's too)

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
