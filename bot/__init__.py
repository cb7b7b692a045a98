"""People and wiring: commands, platforms, delivery and the composition root.

The top floor: it may import every other folder. To add a command, write
`bot/commands/<verb>.py` and list it in `bot/commands/registry.py`; to add a chat
platform, write `bot/platforms/<name>.py` and list it in
`bot/platforms/registry.py`.
"""
