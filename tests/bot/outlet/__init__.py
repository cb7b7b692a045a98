"""Tests of bot.outlet."""
