"""`/unmute [NUMBER]`: let alerts through again."""

from bot.commands.command import Call, Parameter, Type
from bot.commands.mutes import list_mutes
from bot.commands.silence import end_words, names_of, on_again
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.words import bold, many, say
from storage.kept import kept_back
from storage.model import Button, Message
from storage.mutes import end_mutes, find_mute, mutes_of
from storage.ruling import Mute, Scope

_ALL = "all"


class Unmute:
    """Ends a mute, and says how many alerts it kept back; one of several is asked for."""

    name = "unmute"
    summary = marked("Let alerts through again")
    parameters = (
        Parameter(
            "number", Type.NUMBER, marked("Which mute, by its number in /mutes"), required=False,
            choices=(_ALL,),
        ),
    )  # fmt: skip
    examples = ("/unmute", "/unmute all")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        number: int | str | None = call.arguments.get("number")
        running = await desk.read(mutes_of, call.chat.id, call.now)
        mutes = [mute for mute in running if mute.scope is not Scope.PAUSE]
        if isinstance(number, int):
            mutes = [mute for mute in mutes if mute.id == number]
            if not mutes:
                return await _over(call, desk, number)
        elif number is None and any(mute.scope is Scope.EVERYTHING for mute in mutes):
            mutes = [mute for mute in mutes if mute.scope is Scope.EVERYTHING]
        if not mutes:
            return _nothing(_("Nothing is muted here."))
        if number is None and len(mutes) > 1:
            return await list_mutes(call, desk)
        return await _end(call, desk, mutes)


async def _end(call: Call, desk: Desk, mutes: list[Mute]) -> Message:
    for mute in mutes:
        await desk.write(end_mutes, call.chat.id, call.now, mute.id)
    left = await desk.read(mutes_of, call.chat.id, call.now)
    label = many(len(left), "🔕 {n} mute left", "🔕 {n} mutes left")
    more = (Button(label, "/mutes", replaces=True),) if left else ()
    if len(mutes) == 1:
        line, see = await end_words(desk, mutes[0])
        title = on_again(mutes[0], await names_of(call, desk))
        first = (see,) if see else ()
        return Message(title, (line,), ((*first, Button(_("🔕 Mute…"), "/mute"), *more),))
    kept = sum([await desk.read(kept_back, mute) for mute in mutes])
    ended = many(len(mutes), "{n} mute ended.", "{n} mutes ended.")
    back = many(kept, "They kept back {n} alert.", "They kept back {n} alerts.")
    title = say(bold(_("🔔 Alerts are on again.")))
    buttons = ((Button(_("🔕 Mute…"), "/mute"), *more),)
    return Message(title, (say(f"{ended} {back}"),), buttons)


async def _over(call: Call, desk: Desk, number: int) -> Message:
    mute = await desk.read(find_mute, call.chat.id, number)
    if mute is None or mute.scope is Scope.PAUSE:
        return _nothing(_("There is no mute {n} here.").format(n=number))
    line, see = await end_words(desk, mute)
    title = say(bold(_("That mute is over already.")))
    return Message(title, (line,), ((see,),) if see else ())


def _nothing(verdict: str) -> Message:
    return Message(say(bold(verdict)), (), ((Button(_("🔕 Mute…"), "/mute"),),))
