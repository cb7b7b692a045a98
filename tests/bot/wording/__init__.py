"""Tests of bot.wording."""
