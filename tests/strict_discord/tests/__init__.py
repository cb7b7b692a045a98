"""The strict Discord server tested itself: by discord.py, and by hand where that is too good."""
