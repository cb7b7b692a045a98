"""Tests of bot.preview."""
