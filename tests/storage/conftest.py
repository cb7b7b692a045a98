import pytest

from storage.blocks import begin_chain
from storage.database import open_database
from tests.make import NOW


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "test.db")
    with database.atomic():
        begin_chain(database, "bitcoin", NOW - 86400)
    yield database
    database.close()
