"""The only SQL: everything that outlives the process, in one SQLite file.

It may import the `model` and protocol modules of `watchers` and `detectors`. To
change the schema, append a step to `migrations.py`; never edit a released one.
"""
