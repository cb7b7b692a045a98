"""What happens to something that is due now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.model import Alert, Ring, Severity
from storage.ruling import (
    Decision,
    Kept,
    Mute,
    Ruling,
    Scope,
    Told,
    Way,
    Wishes,
    decide_alerts,
    decide_notice,
)

LOUD, MUTED = Ruling(Way.LOUD), Ruling(Way.MUTED, mute=1)


def told(id_=1, subject="ada", severity=Severity.NOTABLE, **more):
    alert = Alert("bitcoin", "hash", "watched", subject, 0, 1, None, severity)
    return Told(id_, alert, **more)


def mute(scope, subject="", id_=1, chain="bitcoin", until=100):
    return Mute(id_, scope, chain, subject, 0, until)


def wishes(*mutes, bound=True, quiet_until=None):
    return Wishes(bound, mutes, quiet_until)


def test_nothing_is_in_the_way_of_an_alert_where_nobody_wants_silence():
    assert decide_alerts([told()], wishes()) == Decision(LOUD)


@pytest.mark.parametrize(
    ("keeping", "alert", "is_muted"),
    [
        (mute(Scope.EVERYTHING), told(), True),
        (mute(Scope.ADDRESS, "ada"), told(), True),
        (mute(Scope.ADDRESS, "bob"), told(parties={"bob"}), False),
        (mute(Scope.ADDRESS, "ada", chain="litecoin"), told(), False),
        (mute(Scope.COUNTERPARTY, "bob"), told(parties={"bob"}), True),
        (mute(Scope.COUNTERPARTY, "bob"), told(), False),
        (mute(Scope.COUNTERPARTY, "bob", chain="litecoin"), told(parties={"bob"}), False),
        (mute(Scope.COUNTERPARTY, "ada"), told(parties={"ada"}), False),
        (mute(Scope.ASSET, "BTC"), told(), True),
        (mute(Scope.ASSET, "LTC", chain="litecoin"), told(), False),
        (mute(Scope.RULE, "7"), told(rules=["7"]), True),
        (mute(Scope.RULE, "7"), told(rules=["7", "8"]), False),
        (mute(Scope.RULE, "7"), told(rules=["8"]), False),
        (mute(Scope.RULE, "7"), told(), False),
    ],
)
def test_a_mute_keeps_back_what_it_is_about_and_no_more(keeping, alert, is_muted):
    expected = Decision(MUTED, {1: 1}) if is_muted else Decision(LOUD)
    assert decide_alerts([alert], wishes(keeping)) == expected


def test_an_alert_that_two_rules_ask_for_is_muted_when_both_are():
    mutes = mute(Scope.RULE, "7", 1), mute(Scope.RULE, "8", 2)
    assert decide_alerts([told(rules=["7", "8"])], wishes(*mutes)) == Decision(MUTED, {1: 1})


def test_a_message_tells_what_of_it_is_not_muted():
    decision = decide_alerts([told(1), told(2, "bob")], wishes(mute(Scope.ADDRESS, "ada")))
    assert decision == Decision(LOUD, {1: 1})
    assert decision.leaves


def test_quiet_hours_keep_all_but_the_critical():
    quiet = wishes(quiet_until=50)
    assert decide_alerts([told()], quiet) == Decision(Ruling(Way.KEPT, 50, Kept.QUIET))
    assert decide_alerts([told(severity=Severity.CRITICAL)], quiet) == Decision(LOUD)
    both = [told(1), told(2, severity=Severity.CRITICAL)]
    assert decide_alerts(both, quiet) == Decision(LOUD)


def test_a_pause_keeps_the_critical_too_and_longer_than_quiet_hours():
    pause = wishes(mute(Scope.PAUSE, until=90), quiet_until=50)
    kept = Decision(Ruling(Way.KEPT, 90, Kept.PAUSE))
    assert decide_alerts([told(severity=Severity.CRITICAL)], pause) == kept
    assert decide_notice(pause, urgent=False) == kept
    assert decide_notice(pause, urgent=True) == Decision(LOUD)


def test_what_is_muted_is_not_kept():
    both = wishes(mute(Scope.ADDRESS, "ada"), mute(Scope.PAUSE, id_=2), quiet_until=50)
    assert decide_alerts([told()], both) == Decision(MUTED, {1: 1})


def test_a_notice_makes_no_sound_in_quiet_hours_and_is_not_muted():
    assert decide_notice(wishes(quiet_until=50), urgent=False).silent
    assert decide_notice(wishes(mute(Scope.EVERYTHING)), urgent=False) == Decision(LOUD)


def test_a_chat_that_is_told_nothing_is_told_nothing_critical():
    decision = decide_alerts([told(severity=Severity.CRITICAL)], wishes(bound=False))
    assert decision == Decision(Ruling(Way.MUTED))


def test_a_message_of_which_nothing_is_left_is_not_said():
    assert not decide_alerts([], wishes(quiet_until=50)).leaves


def test_what_is_more_than_the_budget_is_collected_but_for_what_passes():
    full = Wishes(bound=True, full=True, collector=7)
    assert decide_alerts([told()], full) == Decision(Ruling(Way.COLLECTED, into=7))
    assert decide_alerts([told()], full, passes=True) == Decision(LOUD)
    both = [told(1), told(2, severity=Severity.CRITICAL)]
    assert decide_alerts(both, full) == Decision(LOUD)
    silent = decide_alerts([told(ring=Ring.SILENT)], Wishes(bound=True, full=True))
    assert silent == Decision(Ruling(Way.SILENT, collects=True))
    assert silent.leaves


def test_what_is_muted_or_kept_is_not_collected():
    full = Wishes(bound=True, mutes=(mute(Scope.EVERYTHING),), full=True, collector=7)
    assert decide_alerts([told()], full) == Decision(MUTED, {1: 1})
    night = Wishes(bound=True, quiet_until=50, full=True, collector=7)
    assert decide_alerts([told()], night).ruling.way is Way.KEPT


MUTES = st.builds(
    mute,
    st.sampled_from(Scope),
    st.sampled_from(["", "ada", "bob", "7", "8"]),
    st.integers(1, 5),
    until=st.integers(50, 60),
)
ALERTS = st.lists(
    st.builds(
        told,
        st.integers(1, 9),
        st.sampled_from(["ada", "bob"]),
        st.sampled_from(Severity),
        parties=st.frozensets(st.sampled_from(["ada", "bob"])),
        rules=st.frozensets(st.sampled_from(["7", "8"])),
    ),
    min_size=1,
    unique_by=lambda one: one.id,
)


@given(ALERTS, st.lists(MUTES), st.none() | st.integers(50, 60))
def test_a_message_leaves_if_and_only_if_one_of_its_alerts_would(alerts, mutes, quiet):
    wanted = wishes(*mutes, quiet_until=quiet)
    alone = [decide_alerts([alert], wanted) for alert in alerts]
    together = decide_alerts(alerts, wanted)
    assert together.ruling.way == min(one.ruling.way for one in alone)
    assert together.muted == {id_: by for one in alone for id_, by in one.muted.items()}
