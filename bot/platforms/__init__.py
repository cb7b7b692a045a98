"""Where people talk to the bot: one file a chat platform.

To add one, implement `platform.Platform` in a file of its own and list it in
`registry.py`.
"""
