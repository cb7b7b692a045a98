"""A local Telegram Bot API server that refuses what the real one would refuse.

`StrictTelegram` in `server.py` is the way in: it serves HTTP on a free port of 127.0.0.1, checks
every call against the published description of the Bot API, and lets a test play the people:

    async with StrictTelegram() as server:
        ada = server.person("Ada")
        ...  # start the bot with server.token and server.base
        await ada.says("/start")
        message = await server.next_message(ada.chat)
        assert await ada.presses(message, "Mute") == "Muted"
        server.assert_clean()
"""
