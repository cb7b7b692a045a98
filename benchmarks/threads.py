"""To be imported before anything that loads numpy: its threads are as many as in the program."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # see bot.cli
