"""The catalogues, one `.po` file a language; `update.py` brings them in step with the code.

How to add a language: docs/languages.md.
"""
