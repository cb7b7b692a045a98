"""Features in words."""

from bot.wording.features import WORDS, feature_name, reason_said
from detectors.learnt.features import FEATURES
from detectors.learnt.reasons import Reason


def test_every_feature_has_words_and_nothing_else_has():
    assert list(WORDS) == [feature.name for feature in FEATURES]
    assert len({feature_name(name) for name in WORDS}) == len(WORDS)


def test_a_reason_says_the_value_and_what_most_do():
    reason = Reason("inputs", 121.0, 2.0, "more", 99.9, 14.0, 0.5)
    said = reason_said(reason, "121", "14")
    assert said == "121 inputs; 99.9 % of transactions have fewer than 14"
