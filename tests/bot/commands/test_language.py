"""`/language`: the platform's unless somebody chose, a person's or a group's."""

import pytest

from bot.commands.language import language_named
from tests.bot.desk import button, plain


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("deutsch", "de"),
        ("Español", "es"),
        ("espanol", "es"),
        ("xx", None),
    ],
)
def test_a_language_is_known_by_its_code_and_by_its_own_name(typed, code):
    assert language_named(typed) == code


async def test_who_uses_the_platform_in_a_language_is_answered_in_it(talk):
    assert "Ich spreche hier Deutsch." in await talk.by(language="de-AT").say("/language")
    assert "Mi idioma aquí: Español." in await talk.by(language="es").say("/language")


async def test_a_language_that_is_not_here_changes_nothing(talk):
    await talk.by(language="de").say("/language")
    assert "Ich spreche hier Deutsch." in await talk.by(language="fr").say("/language")
    assert "Ich spreche hier Deutsch." in await talk.say("/language")


async def test_a_choice_holds_whatever_the_platform_says(talk):
    german = talk.by(language="de")
    assert "Mi idioma aquí: Español." in await german.say("/language es")
    assert "Mi idioma aquí: Español." in await german.say("/language")


async def test_the_languages_are_offered_each_by_its_own_name(talk):
    answer = await talk.send("/language")
    assert "[Deutsch][Español]" in plain(answer)


async def test_an_unknown_language_is_refused_with_those_that_there_are(talk):
    assert "I do not speak “klingon”. I speak: English, Deutsch" in await talk.say(
        "/language klingon"
    )


async def test_a_group_has_a_language_of_its_own(talk):
    group = talk.by(chat="traders", kind="group", admin=True, language="de")
    assert "I speak English here." in await group.say("/language")
    assert "Mi idioma aquí: Español." in await group.say("/language es")
    assert "I speak English here." in await talk.say("/language")


async def test_who_chose_a_language_can_follow_the_app_again(talk):
    ada = talk.by(language="de")
    await ada.say("/language es")
    answer = await ada.send("/language")
    followed = await ada.press(answer, "Como en mi app")
    assert "Ich spreche hier Deutsch." in plain(followed)
    assert (await ada.by(language="en").say("/language")).startswith("🌐 I speak English here.")


async def test_a_group_has_no_app_to_follow(talk):
    group = talk.by(chat="7", kind="group")
    assert "Only a private chat has an app" in await group.say("/language auto")
    assert "As in my app" not in await group.say("/language")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("/quiet aus", "/quiet off"),
        ("/quiet apagado", "/quiet off"),
        ("/unmute alle", "/unmute all"),
        ("/unmute todo", "/unmute all"),
        ("/chart volumen", "/chart volume"),
        ("/threshold wale 500 BTC", "/threshold whales 500 BTC"),
        ("/threshold ballenas", "/threshold whales"),
    ],
)
async def test_what_is_said_in_ones_language_is_what_the_usage_shows(talk, said, meant):
    understood = await talk.send(said)
    assert not understood.refusal
    assert plain(understood) == plain(await talk.send(meant))


@pytest.mark.parametrize("said", ["/anomalies", "/anomalien rare"])
async def test_what_is_odd_is_offered_by_its_own_name(talk, said):
    rest = said.partition(" ")[2]
    offer = button(await talk.send(said), "anomalies")
    assert offer.command == f"/alerts add anomalies {rest}".strip()
