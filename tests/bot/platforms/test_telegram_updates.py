"""Who said what to whom: Telegram's messages as they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import ChatMember, Update, User

from bot.platforms.telegram_updates import is_absent, parse_message

BOT = User(12345, "Spyhop", is_bot=True, username="spyhop_test_bot")
ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "last_name": "L.", "language_code": "en"}
CHANNEL = {"id": -1009, "type": "channel", "title": "News"}
GROUP = {"id": -1007, "type": "supergroup", "title": "Whales"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada"}


def message(text, chat=GROUP, **more):
    told = {"message_id": 5, "date": 1700000000, "chat": chat, "text": text, "from": ADA, **more}
    read = Update.de_json({"update_id": 1, "message": told}, None)
    assert read is not None
    assert read.message is not None
    return read.message


def heard(text, chat=GROUP, **more):
    return parse_message(message(text, chat, **more), BOT)


@pytest.mark.parametrize("name", ["spyhop_test_bot", "Spyhop_Test_BOT"])
def test_the_bots_name_is_taken_off_its_commands(name):
    assert heard(f"/watch@{name}").text == "/watch"
    assert heard(f"/watch@{name} bc1q\nlabel").text == "/watch bc1q\nlabel"


@pytest.mark.parametrize(
    "text", ["/watch@other_bot", "/watch@spyhop_test_bot2 x", "hello", "/", ""]
)
def test_what_is_not_for_the_bot_is_not_heard_in_a_group(text):
    assert heard(text) is None


@pytest.mark.parametrize("text", ["hello", "/", "/watch@other_bot", "/?"])
def test_everything_is_heard_in_private(text):
    assert heard(text, PRIVATE) is not None


def test_a_message_without_text_is_not_heard():
    assert heard("", PRIVATE) is None


def test_another_bot_is_not_heard():
    other = {"id": 8, "is_bot": True, "first_name": "Other"}
    assert heard("/start", **{"from": other}) is None


def test_a_channel_that_speaks_in_a_group_is_a_person_of_its_own():
    said = heard("/start", sender_chat=CHANNEL)
    assert (said.person, said.name) == ("-1009", "News")


def test_a_post_that_a_channel_forwards_to_its_group_is_not_heard():
    assert heard("/start", sender_chat=CHANNEL, is_automatic_forward=True) is None


def test_a_command_in_a_channel_comes_from_the_channel():
    said = heard("/start", CHANNEL, sender_chat=CHANNEL, **{"from": None})
    assert (said.kind, said.chat, said.person) == ("channel", "-1009", "-1009")


def test_a_reply_outside_a_forum_is_in_no_topic():
    assert heard("/start", message_thread_id=44).thread == ""
    assert heard("/start", message_thread_id=44, is_topic_message=True).thread == "44"


def test_a_person_has_a_name_and_a_language():
    said = heard("/start", PRIVATE)
    assert (said.name, said.language, said.chat_title) == ("Ada L.", "en", "Ada")


@given(st.text(max_size=60), st.sampled_from([GROUP, PRIVATE]))
def test_any_text_is_read_or_left_alone(text, chat):
    said = heard(text, chat)
    assert said is None or said.text


RIGHTS = (
    "is_member",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_send_messages",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_manage_topics",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_edit_tag",
    "can_react_to_messages",
)


@pytest.mark.parametrize("may_write", [True, False])
def test_a_restricted_bot_is_absent_where_it_may_not_write(may_write):
    user = {"id": 12345, "is_bot": True, "first_name": "Spyhop"}
    told = dict.fromkeys(RIGHTS, False) | {"can_send_messages": may_write, "until_date": 0}
    member = ChatMember.de_json({"status": "restricted", "user": user, **told}, None)
    assert is_absent(member) is not may_write
