from detectors.learnt.evaluation import NEIGHBOURS
from detectors.learnt.memory import Memory
from detectors.learnt.model import NAMES
from detectors.learnt.sampling import matrix_of
from detectors.learnt.training import fit
from tests.detectors.learnt.make import payments

DUST = NAMES.index("dust")


def test_what_was_never_met_is_told_by_its_own_value():
    rows = matrix_of(payments(200), Memory())
    rows[:, DUST] = 0
    row = rows[0].copy()
    row[DUST] = 40
    (dust,) = [r for r in fit(rows, NEIGHBOURS, 1).reasons(row) if r.feature == "dust"]
    assert (dust.usual, dust.side, dust.percent, dust.bound) == (0, "more", 99.9, 40)
