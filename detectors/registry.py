"""The detectors: one line each."""

from detectors.anomalies import Anomalies
from detectors.blocks import Blocks
from detectors.detector import Detector
from detectors.fees import Fees
from detectors.prices import Prices
from detectors.sources import Sources
from detectors.watched import Watched
from detectors.whales import Whales

DETECTORS: tuple[Detector, ...] = (
    Whales(),
    Watched(),
    Blocks(),
    Fees(),
    Prices(),
    Sources(),
    Anomalies(),
)
