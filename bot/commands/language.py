"""`/language [language]`: in which one is spoken here."""

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.nearest import nearest
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import LANGUAGES, _, marked, speaking
from bot.wording.words import bold, clean, place, say
from storage.chats import platform_language, save_language
from storage.model import Button, Message

AUTO = "auto"
"""Stands for the language in which somebody uses the platform."""


class LanguageOf:
    """Shows and sets the language: a person's in private, the chat's elsewhere."""

    name = "language"
    summary = marked("The language in which I speak")
    parameters = (
        Parameter(
            "language", Type.TEXT, marked("Its name or code: Deutsch, de; auto: as in your app"),
            required=False, choices=(*LANGUAGES, AUTO),
        ),
    )  # fmt: skip
    examples = ("/language", "/language de", "/language Español", "/language auto")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer, in the language that holds from now on."""
        asked = clean(call.arguments.get("language", ""), SHOWN)
        if not asked:
            return _shown(call, call.chat.language)
        if asked.casefold() == AUTO:
            return await _follow(call, desk)
        language = language_named(asked)
        if language is None:
            known = ", ".join(LANGUAGES.values())
            message = _("I do not speak “{asked}”. I speak: {known}.")
            raise UsageError(message.format(asked=asked, known=known))
        await desk.write(save_language, call.chat, language)
        with speaking(language):
            return _shown(call, language)


async def _follow(call: Call, desk: Desk) -> Message:
    """Speak as the person's app does from now on; raises `UsageError`."""
    if call.chat.person is None:
        raise UsageError(_("Only a private chat has an app to follow: name a language."))
    await desk.write(save_language, call.chat, None)
    language: str = await desk.read(platform_language, call.chat.id)
    with speaking(language):
        return _shown(call, language)


def language_named(text: str) -> str | None:
    """The code of a language by its code or its own name, None where it is not here."""
    folded = text.casefold()
    names = {name.casefold(): code for code, name in LANGUAGES.items()}
    if folded in LANGUAGES:
        return folded
    guess = nearest(folded, names)
    return names[guess] if guess else None


def _shown(call: Call, language: str) -> Message:
    own = LANGUAGES.get(language, language)
    verdict = _("I speak {language} here.").format(language=own)
    where = _("That holds in all your private chats.")
    if call.chat.person is None:
        where = _("That holds for this {place}.").format(place=place(call.chat))
    others = tuple(
        Button(name, f"/language {code}", replaces=True)
        for code, name in LANGUAGES.items()
        if code != language
    )
    app: tuple[tuple[Button, ...], ...] = ()
    if call.chat.person is not None:
        app = ((Button(_("📱 As in my app"), f"/language {AUTO}", replaces=True),),)
    return Message(say(bold(f"🌐 {verdict}")), (say(where),), (others, *app))
