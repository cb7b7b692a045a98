"""Languages: what is said comes out in the one that was chosen, and the catalogues are whole."""

import asyncio
import re
import string

import pytest

from bot.language import LANGUAGES, _, offered, pgettext, signs, speaking, spoken
from bot.languages.update import is_translated, messages, read_catalogue, template
from bot.wording.amounts import format_money, format_round
from bot.wording.typed_amounts import typed_amount
from bot.wording.words import at, many, number, span
from watchers.model import Asset

COMPLETE: tuple[str, ...] = ("de", "es")
"""The languages that must have every message: a language is added here when it is whole."""
TRANSLATED = [language for language in LANGUAGES if language != "en"]
BTC = Asset("BTC", 8, "satoshi")
MAY = 1_777_830_000


def test_without_a_word_english_is_spoken():
    assert spoken() == "en"
    assert many(1, "{n} alert", "{n} alerts") == "1 alert"
    assert many(1234, "{n} alert", "{n} alerts") == "1,234 alerts"


def test_what_is_said_within_is_in_the_language_and_after_it_as_before():
    with speaking("de"):
        assert many(2, "{n} transaction", "{n} transactions") == "2 Transaktionen"
        with speaking("es"):
            assert many(1, "{n} transaction", "{n} transactions") == "1 transacción"
        assert pgettext("place", "group") == "Gruppe"
    assert pgettext("place", "group") == "group"


async def test_two_who_are_answered_at_once_do_not_hear_each_other():
    async def answer(language):
        with speaking(language):
            await asyncio.sleep(0)
            return span(3900)

    said = await asyncio.gather(*map(answer, ("en", "de", "es", "en")))
    assert said == ["1 h 5 min", "1 Std. 5 Min.", "1 h 5 min", "1 h 5 min"]


def test_a_message_without_translation_stays_english():
    with speaking("de"):
        assert _("Nobody has translated this.") == "Nobody has translated this."


def test_a_language_that_is_not_there_is_english():
    with speaking("xx"):
        assert spoken() == "en"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de", "de"), ("de-AT", "de"), ("es-419", "es"), ("en_GB", "en"), ("pt-br", ""), ("", "")],
)
def test_a_platforms_tag_means_a_language(tag, language):
    assert offered(tag) == language


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("1,234.5", "1,234 BTC", "$80.2M", "17:40 on 3 May", "1500 BTC")),
        ("de", ("1.234,5", "1.234 BTC", "80,2\xa0Mio.\xa0$", "17:40 am 3. Mai", "1500 BTC")),
        ("es", ("1.234,5", "1.234 BTC", "80,2\xa0M\xa0$", "17:40 del 3 may", "1500 BTC")),
    ],
)
def test_numbers_money_and_dates_are_written_as_the_language_does(language, said):
    with speaking(language):
        assert said == (
            number(1234.5, 1),
            format_round(1234 * 10**8, BTC),
            format_money(80_200_000 * 10**6),
            at(MAY, "UTC"),
            typed_amount(1500 * 10**8, BTC),
        )


def test_every_month_and_weekday_has_a_name_of_its_own():
    for language in LANGUAGES:
        with speaking(language):
            assert len(set(signs().months)) == 12
            assert len(set(signs().weekdays)) == 7


def test_a_day_at_the_end_of_a_sentence_is_followed_by_one_full_stop():
    for language in LANGUAGES:
        with speaking(language):
            assert not any(month.endswith(".") for month in signs().months)


def test_every_message_is_a_plain_text_with_named_placeholders():
    for found in messages():
        for text in [found.id] if isinstance(found.id, str) else found.id:
            assert text.strip(), found
            assert all(name.isidentifier() for name in placeholders(text)), found


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_no_placeholder_that_its_message_lacks(language):
    for message in read_catalogue(language):
        ids = (message.id,) if isinstance(message.id, str) else message.id
        given = set().union(*map(placeholders, ids))
        forms = (message.string,) if isinstance(message.string, str) else message.string
        for form in (forms or ()) if message.id else ():
            assert placeholders(form) <= given, form


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_all_plural_forms_or_none(language):
    catalog = read_catalogue(language)
    for message in catalog:
        if isinstance(message.string, tuple):
            assert len(message.string) == catalog.num_plurals, message.id
            assert all(message.string) or not any(message.string), message.id


@pytest.mark.parametrize("language", COMPLETE)
def test_a_language_has_every_message_and_no_other(language):
    kept = {(m.context, m.id) for m in read_catalogue(language) if m.id}
    wanted = {(m.context, m.id) for m in template() if m.id}
    assert kept == wanted, "run `make messages`"
    left = [m.id for m in read_catalogue(language) if m.id and not is_translated(m)]
    assert not left


def placeholders(text):
    return {name for _text, name, _form, _how in string.Formatter().parse(text) if name is not None}


def test_catalogues_name_files_and_no_lines():
    for language in TRANSLATED:
        for message in read_catalogue(language):
            assert all(
                re.fullmatch(r"(bot|storage|detectors|watchers)/[\w/]+\.py", file)
                for file, _line in message.locations
            )
