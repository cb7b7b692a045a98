"""What people can ask: one file a command, declared once for every platform.

To add one, write `bot/commands/<verb>.py` and list it in `registry.py`.
"""
