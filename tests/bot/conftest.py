import pytest

from tests.bot.desk import Clock, Talk, make_desk


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def desk(tmp_path, clock):
    async with make_desk(tmp_path, clock) as ready:
        yield ready


@pytest.fixture
def talk(desk):
    """The person who runs the program, in the terminal: the owner."""
    return Talk(desk)
