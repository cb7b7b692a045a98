"""How things are said: amounts, times, alerts and refusals, the same everywhere.

Everything here makes chat-neutral `storage.model.Message`s or pieces of them, and stores
nothing; platforms render them.
"""
