"""A local Discord server that refuses what the real one would refuse.

`Stage` in `stage.py` is the way in: REST and gateway on one free port of 127.0.0.1, every call
checked against Discord's OpenAPI description, and people, servers and channels for a script:

    async with Stage() as discord:
        guild = discord.guild("Traders")
        channel = guild.channel("alerts")
        admin = guild.member("Ada", manage_guild=True)
        ...  # start the bot with discord.token and discord.api
        answer = await admin.command(channel, "watch", address="bc1...", label="x")
        assert answer.ephemeral
        await admin.press(answer.message, "Undo")

Leaving the stage fails when the bot broke a rule: a call that the description does not allow, an
interaction that was answered late, twice or never, a call before `retry_after` was over.
"""
