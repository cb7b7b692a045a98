"""`/export` and `/import`: a list leaves as a file, and comes back once it is confirmed."""

import threading

import pytest
from msgspec.structs import replace

from bot.commands import take_list
from bot.lists.file import read_list
from bot.platforms.platform import Attached, AttachedError
from storage.subscriptions import all_subscriptions
from tests.bot.desk import ADDRESS, OTHER_ADDRESS, button, plain

LIST = f"address,label\n{ADDRESS},Cold\n{OTHER_ADDRESS},Hot\n".encode()


def file_of(content, size=None):
    async def read():
        if isinstance(content, Exception):
            raise content
        return content

    length = len(content) if isinstance(content, bytes) else 0
    return Attached("list.csv", length if size is None else size, read)


async def send(talk, content, size=None, **more):
    return await talk.conversation(replace(talk.who, file=file_of(content, size), **more))


async def test_an_exported_list_is_taken_over_elsewhere(desk, talk):
    for text in (f"watch {ADDRESS} Cold", "whales 500 BTC", "fees below 3", "blocks"):
        await talk.say(f"/alerts add {text}")
    await talk.say("/alerts 1 ring silent")
    exported = await talk.send("/export")
    assert exported.document.name == "spyhop.csv"
    other = talk.by(chat="elsewhere")
    shown = await send(other, exported.document.content)
    assert plain(shown).startswith("📄 4 new\n")
    assert not [s for s in await desk.read(all_subscriptions) if s.chat == 2]
    await other.press(shown, "Take over 4")
    asked = await desk.read(all_subscriptions)
    mine = [replace(one, id=0, chat=0) for one in asked if one.chat == 1]
    theirs = [replace(one, id=0, chat=0) for one in asked if one.chat == 2]
    assert mine == theirs


async def test_it_says_what_is_new_changed_and_not_understood(talk):
    await talk.say(f"/watch {ADDRESS} Old")
    shown = plain(await send(talk, LIST + b"nobody,x\n"))
    assert shown.startswith("📄 1 new, 1 changed, 1 not understood\nLine 4: ")
    assert "Nothing has changed yet." in shown


async def test_each_line_that_was_not_understood_is_named(talk):
    shown = plain(await send(talk, LIST + b"nobody,x\n" * 8))
    assert "Line 8: " in shown
    assert "… and 3 more not understood: lines 9, 10, 11" in shown


async def test_a_confirmed_list_is_watched_at_once_and_counts_once(desk, talk):
    shown = await send(talk, LIST)
    done = await talk.press(shown, "Take over 2")
    assert "✅ 2 alerts" in plain(done)
    assert desk.interests.addresses("bitcoin") == {ADDRESS, OTHER_ADDRESS}
    assert (await talk.press(shown, "Take over 2")).refusal
    assert "Nothing to take over: 2 as it is" in plain(await send(talk, LIST))


async def test_only_the_newest_file_of_a_chat_can_be_confirmed(talk, clock):
    old = await send(talk, LIST)
    new = await send(talk, LIST)
    refused = await talk.press(old, "Take over")
    assert refused.refusal
    assert plain(refused).startswith("A newer list took the place of that one.")
    assert button(refused, "newer").command == button(new, "Take over").command
    clock.now += 86401
    assert (await talk.press(new, "Take over")).refusal


async def test_another_chat_cannot_confirm_it(desk, talk):
    shown = await send(talk, LIST)
    stranger = talk.by(chat="elsewhere")
    assert (await stranger.send(button(shown, "Take over").command)).refusal
    assert await desk.read(all_subscriptions) == []


@pytest.mark.parametrize(
    ("content", "size", "said"),
    [
        (b"x", 2_000_000, "too large"),
        (b"x" * 1_000_001, 1, "too large"),
        (AttachedError("Telegram does not hand the file over."), None, "does not hand"),
        (b"\xff\xff", None, "cannot read"),
        (b"", None, "it is empty"),
    ],
)
async def test_what_cannot_be_used_is_refused(talk, content, size, said):
    answer = await send(talk, content, size)
    assert answer.refusal
    assert said in plain(answer)


async def test_a_strangers_file_is_not_even_fetched(desk, talk):
    eve = type(talk)(desk, platform="telegram", chat="7", person="7", name="Eve")
    answer = await send(eve, AssertionError("it was fetched"))
    assert answer.refusal


async def test_nothing_to_export_is_said(talk):
    assert (await talk.send("/export")).refusal


async def test_both_forms_can_be_had(talk):
    await talk.say("/alerts add blocks")
    assert (await talk.send("/export json")).document.name == "spyhop.json"


async def test_how_a_file_is_given_is_told_as_the_platform_has_it(desk, talk):
    here = await talk.say("/import")
    assert here.startswith("Which file?\nType its path: /import ~/spyhop.csv\n")
    there = type(talk)(desk, "open", platform="telegram", chat="7", person="7", name="Eve")
    assert (await there.say("/import")).startswith("Send me the file.\nCSV")


async def test_others_are_answered_while_a_long_list_is_read(talk, monkeypatch):
    threads = []

    def read(*arguments):
        threads.append(threading.current_thread())
        return read_list(*arguments)

    monkeypatch.setattr(take_list, "read_list", read)
    await send(talk, f"address\n{ADDRESS}".encode())
    assert threading.main_thread() not in threads
    assert threads
