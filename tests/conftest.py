"""What holds for every test: none is judged by the clock of a busy machine."""

# pytest imports it where something is collected that was left open: in the middle of that very
# import, should something else be collected then.
import tracemalloc  # noqa: F401

from hypothesis import HealthCheck, settings

settings.register_profile("spyhop", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", settings.get_profile("spyhop"), derandomize=True)
settings.load_profile("spyhop")
