"""Tests: a folder mirrors each floor, `end_to_end` runs the whole program."""
