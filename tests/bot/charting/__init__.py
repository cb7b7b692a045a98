"""Tests of bot.charting."""
