"""How migrations run: all in one transaction, on SQLite, PostgreSQL and a distributed PostgreSQL alike.

A database that is made while others open it, or whose making is cut short, is there whole or not at all.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine

from dunning_cli.store.schema import metadata


def _foreign_keys(connection: Connection, on: bool) -> None:
    """SQLite rebuilds a table to change it, which needs foreign keys out of the way; outside any transaction."""
    driver: Any = connection.connection.dbapi_connection
    driver.executescript(
        f"PRAGMA foreign_keys={'ON' if on else 'OFF'}; PRAGMA legacy_alter_table={'OFF' if on else 'ON'};"
    )


def _on_a_server(connection: Connection) -> None:
    """A migration takes its time; over distributed tables it goes worker by worker, as its foreign keys ask for."""
    connection.exec_driver_sql("SET LOCAL statement_timeout TO 0")
    if connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'citus'").first():
        connection.exec_driver_sql("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'")


def run(engine: Engine) -> None:
    with engine.connect() as plain:
        connection = plain.execution_options(write=True)
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, on=False)
        try:
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=True,
                transactional_ddl=True,
            )
            with context.begin_transaction():
                if not sqlite:
                    _on_a_server(connection)
                context.run_migrations()
            if sqlite and (bad := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"a migration left rows without their parents: {bad}")
        finally:
            connection.rollback()
            if sqlite:
                _foreign_keys(connection, on=True)


run(context.config.attributes["engine"])
