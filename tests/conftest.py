"""What holds for every test: none is judged by the clock of a busy machine."""

from hypothesis import settings

settings.register_profile("spyhop", deadline=None)
settings.load_profile("spyhop")
