"""Chain data in: frames to events.

The ground floor: it imports nothing of ours. `model.py` is the vocabulary that
every other folder shares. To add a chain source, write `watchers/<source>` with a
`feed.Feed` (a state machine without I/O) and list it in `registry.py`.
"""
