"""People and wiring: commands, platforms, delivery and the composition root.

The top floor: it may import every other folder. `app` puts everything together; events
come in by `intake/` and messages leave by `outlet/`; `conversation` answers people with
`commands/`, said in the words of `wording/` and with pictures from `charting/`.

To add a command, write `bot/commands/<verb>.py` and list it in
`bot/commands/registry.py`; to add a chat platform, write `bot/platforms/<name>.py` and
list it in `bot/platforms/registry.py`.
"""
