"""The sandbox's tables, which no migration makes."""

from sqlalchemy import create_engine, text

from app.config import Settings
from app.sandbox import tables
from tests.conftest import fresh_database_url


def test_a_sandbox_of_before_keeps_its_objects_and_learns_what_is_new() -> None:
    with fresh_database_url() as url:
        engine = create_engine(Settings(database_url=url, sandbox=True, _env_file=None).database_url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA IF EXISTS sandbox CASCADE"))
            connection.execute(text("CREATE SCHEMA sandbox"))
            connection.execute(
                text(
                    "CREATE TABLE sandbox.objects (kind text, id text, parent_id text, location_id text, "
                    "created_at timestamptz NOT NULL, data jsonb NOT NULL, PRIMARY KEY (kind, id))"
                )
            )
            connection.execute(
                text("INSERT INTO sandbox.objects VALUES ('order', 'o1', null, 's1', now(), '{\"deleted\": true}')")
            )
        for _ in range(2):
            with engine.begin() as connection:
                tables.create(connection)
        with engine.begin() as connection:
            assert connection.execute(text("SELECT id, deleted FROM sandbox.objects")).all() == [("o1", True)]
            assert connection.scalar(text("SELECT nextval('sandbox.order_numbers')")) == 1001
        engine.dispose()
