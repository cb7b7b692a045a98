"""What Discord shows of the commands, in the languages that there are."""

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, locale_str

from bot.language import ENGLISH, _, offered, speaking

_DESCRIPTIONS = {
    TranslationContextLocation.command_description,
    TranslationContextLocation.parameter_description,
}
_MOST = 100


class Descriptions(app_commands.Translator):
    """Translates what describes; names are typed, and the same everywhere."""

    async def translate(
        self, string: locale_str, locale: Locale, context: TranslationContextTypes
    ) -> str | None:
        """A description in the language of a locale, None where it is the English one."""
        language = offered(locale.value)
        if context.location not in _DESCRIPTIONS or language in {"", ENGLISH}:
            return None
        with speaking(language):
            translated = _(string.message)[:_MOST]
        return None if translated == string.message else translated
