"""One person in several private chats is told once, and always where they can be reached."""

import pytest

from detectors.model import Alert, Kind, Subscription
from storage._sqlite import ROW_ERRORS
from storage.alerts import save_alerts
from storage.chats import Defaults, bind_chat, park_chat, revive_chats, save_chat
from storage.dispatch import claim, reopen_unfinished
from storage.grouping import group_burst
from storage.links import enter_link_code, new_link_code, unlink
from storage.listeners import STEPS_IN_AFTER_SECONDS, listeners_of
from storage.model import Gone, Priority, Rejected, Retry, Sent
from storage.mutes import end_mutes, muted_until, save_mute, save_quiet_hours
from storage.outbox import enqueue_alert, request_edits
from storage.persons import prefer, save_person
from storage.quiet import QuietHours
from storage.subscriptions import save_subscription
from storage.verdicts import save_verdicts
from tests.make import NOW, asked, hash_of

DEFAULTS = Defaults("en", "UTC", "USD")
BOTH = ("telegram", "discord")


class House:
    """One person on Telegram (preferred) and Discord, and somebody else on Telegram."""

    def __init__(self, db):
        self.db = db
        self.now = NOW
        with db.atomic():
            ada = save_person(db, "telegram", "1", "Ada", NOW)
            other = save_person(db, "discord", "2", "ada_l", NOW)
            bob = save_person(db, "telegram", "3", "Bob", NOW)
            self.telegram = self.chat("telegram", "1", ada.id)
            self.discord = self.chat("discord", "200", other.id)
            self.bob = self.chat("telegram", "3", bob.id)
            enter_link_code(db, new_link_code(db, ada, NOW), other, NOW)
        self.ada = ada.id

    def chat(self, platform, address, person):
        return save_chat(
            self.db, platform, address, "", "private", address, DEFAULTS, NOW, person=person
        ).id

    def alert(self, *chats, key="k", subject="BTC"):
        name = hash_of(key)
        with self.db.atomic():
            ((id_, _),) = save_alerts(
                self.db, [Alert("bitcoin", name, "whales", subject, self.now, 7, None)]
            )
            enqueue_alert(self.db, asked(*chats), key, id_, Priority.BROADCAST, self.now)

    def claim(self, platforms=BOTH):
        with self.db.atomic():
            return claim(self.db, dict.fromkeys(platforms, 30), self.now)

    def close(self, due, verdict, shown=""):
        with self.db.atomic():
            save_verdicts(self.db, [(due, verdict, shown)], self.now)

    def said(self, verdict=None, platforms=BOTH):
        """Send all that is due, and name the chats where it went."""
        chats = []
        while batch := self.claim(platforms):
            for due in batch:
                chats.append((due.action, due.chat.id))
                self.close(due, verdict or Sent(str(due.id)))
        return chats

    def states(self):
        return sorted(
            state for (state,) in self.db.conn.execute("SELECT state FROM deliveries").fetchall()
        )


@pytest.fixture
def house(db):
    return House(db)


def both(house):
    return house.telegram, house.discord


def test_chats_of_one_person_are_one_listener(house):
    asked = [house.bob, house.discord, house.telegram]
    assert sorted(listeners_of(house.db, asked)) == sorted(
        [(house.telegram, house.discord), (house.bob,)]
    )
    prefer(house.db, house.ada, "discord")
    assert (house.discord, house.telegram) in listeners_of(house.db, asked)


def test_what_reaches_a_person_twice_is_said_once_where_they_prefer(house):
    house.alert(*both(house), house.bob)
    assert house.said() == [("send", house.telegram), ("send", house.bob)]
    house.now += 10 * STEPS_IN_AFTER_SECONDS
    assert house.said() == []
    assert house.states() == ["needless", "sent", "sent"]


def test_what_only_one_chat_asked_for_is_said_there_alone(house):
    house.alert(house.discord)
    park_chat(house.db, "discord", "200", "blocked")
    house.now += 10 * STEPS_IN_AFTER_SECONDS
    assert house.said() == []
    revive_chats(house.db, "discord", ["200"])
    assert house.said() == [("send", house.discord)]


@pytest.mark.parametrize("parks", [True, False])
def test_the_other_takes_over_what_is_refused(house, parks):
    house.alert(*both(house))
    (due,) = house.claim()
    house.close(due, Rejected("blocked", parks=parks))
    assert house.said() == [("send", house.discord)]
    revive_chats(house.db, "telegram", ["1"])
    house.now += 10 * STEPS_IN_AFTER_SECONDS
    assert house.said() == []


def test_edits_go_to_whichever_said_it(house):
    house.alert(*both(house))
    (due,) = house.claim()
    with house.db.atomic():
        request_edits(house.db, [due.message], house.now)
    house.close(due, Rejected("blocked", parks=True))
    assert house.said()[0] == ("send", house.discord)
    revive_chats(house.db, "telegram", ["1"])
    house.alert(*both(house), subject="more")
    assert house.said() == [("edit", house.discord)]
    house.alert(house.telegram, subject="yet more")
    (edit,) = house.claim()
    house.close(edit, Gone("deleted"))
    assert [edit.chat.id, house.said()] == [house.discord, [("reply", house.discord)]]


def test_a_chat_that_is_parked_already_does_not_keep_an_alert(house):
    park_chat(house.db, "telegram", "1", "blocked")
    house.alert(*both(house))
    assert house.said() == [("send", house.discord)]


def test_a_chat_that_is_parked_while_it_waits_hands_over(house):
    house.alert(*both(house))
    park_chat(house.db, "telegram", "1", "blocked")
    assert house.said() == [("send", house.discord)]


def test_where_both_are_gone_the_first_that_comes_back_is_told_and_no_other(house):
    house.alert(*both(house))
    (due,) = house.claim()
    house.close(due, Rejected("blocked", parks=True))
    (due,) = house.claim()
    house.close(due, Rejected("blocked", parks=True))
    assert house.said() == []
    revive_chats(house.db, "telegram", ["1"])
    assert house.said() == [("send", house.telegram)]
    revive_chats(house.db, "discord", ["200"])
    assert house.said() == []


def test_what_was_tried_in_vain_for_minutes_is_taken_over(house):
    house.alert(*both(house))
    for _ in range(2):
        (due,) = house.claim()
        assert due.chat.id == house.telegram
        house.close(due, Retry(STEPS_IN_AFTER_SECONDS / 2, "502"))
        house.now += STEPS_IN_AFTER_SECONDS // 2
    assert house.said() == [("send", house.discord)]


def test_two_chats_that_both_fail_take_turns_and_one_says_it(house):
    house.alert(*both(house))
    tried = []
    for _ in range(6):
        (due,) = house.claim()
        tried.append(due.chat.id)
        house.close(due, Retry(1, "502"))
        house.now += STEPS_IN_AFTER_SECONDS
    assert tried[:3] == [house.telegram, house.discord, house.telegram]
    assert len(house.said()) == 1


def test_what_was_not_tried_yet_is_not_taken_over_however_old(house):
    house.alert(*both(house))
    house.now += 100 * STEPS_IN_AFTER_SECONDS  # the program was off
    assert house.said() == [("send", house.telegram)]


def test_a_platform_that_is_off_hands_over_at_once(house):
    house.alert(*both(house))
    assert house.said(platforms=("discord",)) == [("send", house.discord)]


def test_after_a_crash_the_same_chat_is_tried_again(house):
    house.alert(*both(house))
    assert len(house.claim()) == 1
    house.now += 10 * STEPS_IN_AFTER_SECONDS
    assert house.claim() == []  # it may be on its way: nobody takes over
    with house.db.atomic():
        reopen_unfinished(house.db, house.now)
    park_chat(house.db, "telegram", "1", "blocked")
    assert house.said() == [("send", house.discord)]


def test_what_may_have_arrived_before_a_long_stop_is_tried_in_the_same_chat_first(house):
    house.alert(*both(house))
    assert len(house.claim()) == 1
    house.now += 10 * STEPS_IN_AFTER_SECONDS
    with house.db.atomic():
        reopen_unfinished(house.db, house.now)
    (again,) = house.claim()
    assert again.chat.id == house.telegram
    house.close(again, Retry(1, "no network"))
    house.now += STEPS_IN_AFTER_SECONDS
    assert house.said() == [("send", house.discord)]


@pytest.mark.parametrize("crash", [1, 2, 3])
def test_a_crash_at_any_step_of_taking_over_loses_nothing(house, crash):
    """What a transaction did not finish has not begun."""
    house.alert(*both(house))
    (due,) = house.claim()
    house.close(due, Rejected("blocked", parks=True))
    house.db.conn.execute("CREATE TEMP TABLE writes (left INTEGER)")
    house.db.conn.execute("INSERT INTO writes VALUES (?)", (crash,))
    for table in ("deliveries", "messages"):
        house.db.conn.execute(
            f"CREATE TEMP TRIGGER power_{table} BEFORE UPDATE ON {table} BEGIN"
            " UPDATE writes SET left = left - 1;"
            " SELECT raise(FAIL, 'the power is gone') FROM writes WHERE left = 0; END"
        )
    with pytest.raises(ROW_ERRORS), house.db.atomic():
        claim(house.db, dict.fromkeys(BOTH, 30), house.now)
    for table in ("deliveries", "messages"):
        house.db.conn.execute(f"DROP TRIGGER power_{table}")
    assert house.said() == [("send", house.discord)]
    assert house.states().count("sent") == 1


def test_a_burst_that_is_taken_over_is_one_message_that_tells_all(house):
    for number in range(4):
        house.alert(*both(house), key=f"k{number}")
    (due,) = house.claim()
    with house.db.atomic():
        group_burst(house.db, due, house.now)
    house.close(due, Rejected("blocked", parks=True))
    assert house.said() == [("send", house.discord)]
    told = "SELECT count(*) FROM message_alerts WHERE message_id = ?"
    assert house.db.conn.execute(told, (due.message,)).fetchone() == (4,)
    house.alert(*both(house), key="k2", subject="more")
    assert house.said() == [("edit", house.discord)]


def test_a_message_of_which_a_part_arrived_joins_no_burst(house):
    house.alert(house.bob, key="begun")
    (begun,) = house.claim()
    house.close(begun, Retry(1, "cut", reference="7"))
    for number in range(4):
        house.alert(house.bob, key=f"k{number}")
    (burst,) = house.claim()
    with house.db.atomic():
        house.now += 1
        group_burst(house.db, burst, house.now)
    house.close(burst, Sent("8"))
    (again,) = house.claim()
    assert (again.message, again.reference) == (begun.message, "7")


def test_a_mute_in_one_private_chat_holds_in_all(house):
    save_mute(house.db, house.discord, NOW, NOW + 60)
    assert muted_until(house.db, house.telegram, NOW) == NOW + 60
    assert muted_until(house.db, house.bob, NOW) is None
    house.alert(*both(house), house.bob)
    assert house.said() == [("send", house.bob)]
    assert house.states() == ["muted", "needless", "sent"]
    end_mutes(house.db, house.telegram, NOW)
    assert muted_until(house.db, house.discord, NOW) is None
    house.alert(*both(house), subject="more")
    assert house.said() == [("send", house.telegram)]


def test_a_chat_that_is_told_nothing_leaves_it_to_the_other(house):
    house.alert(*both(house))
    bind_chat(house.db, house.telegram, bound=False)
    assert house.said() == [("send", house.discord)]


def test_what_was_said_twice_before_they_were_linked_is_edited_in_both(db):
    house = House(db)
    unlink(db, house.ada, "discord", NOW)
    house.alert(*both(house))
    assert len(house.said()) == 2
    ada = save_person(db, "telegram", "1", "Ada", NOW)
    other = save_person(db, "discord", "2", "ada_l", NOW)
    enter_link_code(db, new_link_code(db, ada, NOW), other, NOW)
    house.alert(*both(house), subject="more")
    assert sorted(house.said()) == [("edit", house.telegram), ("edit", house.discord)]


def whales(house, chat):
    with house.db.atomic():
        asked = Subscription(0, chat, Kind.WHALES, "bitcoin", unit="BTC", amount=1)
        save_subscription(house.db, asked, NOW)


def test_whoever_is_unlinked_is_told_apart_what_waits_and_they_asked_for(house):
    """What only the one asked for may stand in the same message by then."""
    whales(house, house.discord)
    house.alert(*both(house))
    for key in ("two", "three"):
        house.alert(house.telegram, key=key, subject="an address")
    (due,) = house.claim()
    group_burst(house.db, due, NOW)
    house.close(due, Retry(0.0, "torn"))
    unlink(house.db, house.ada, "discord", NOW)
    park_chat(house.db, "telegram", "1", "blocked")
    assert house.said() == [("send", house.discord)]
    told = "SELECT count(*) FROM message_alerts x JOIN messages m ON m.id = x.message_id"
    for chat, count in ((house.discord, 1), (house.telegram, 3)):
        where = f"{told} WHERE m.chat_id = ?"
        assert house.db.conn.execute(where, (chat,)).fetchone() == (count,)
    revive_chats(house.db, "telegram", ["1"])
    assert house.said() == [("send", house.telegram)]


def test_whoever_is_unlinked_is_told_nothing_that_waits_for_the_other(house):
    house.alert(*both(house))
    unlink(house.db, house.ada, "discord", NOW)
    park_chat(house.db, "telegram", "1", "blocked")
    assert house.said() == []
    assert house.states() == ["due", "needless"]


def test_what_waits_for_wishes_that_end_with_a_link_is_decided_anew(house):
    """Of two nights the one of whoever showed the code stays."""
    unlink(house.db, house.ada, "discord", NOW)
    noon, night = QuietHours(720, 780), QuietHours(0, 1439)
    save_quiet_hours(house.db, house.telegram, noon, NOW)
    save_quiet_hours(house.db, house.discord, night, NOW)
    house.alert(house.discord)
    assert house.said() == []
    ada = save_person(house.db, "telegram", "1", "Ada", NOW)
    other = save_person(house.db, "discord", "2", "ada_l", NOW)
    enter_link_code(house.db, new_link_code(house.db, ada, NOW), other, NOW)
    assert house.said() == [("send", house.discord)]
