"""The detectors: one line each."""

from detectors.detector import Detector
from detectors.watched import Watched
from detectors.whales import Whales

DETECTORS: tuple[Detector, ...] = (Whales(), Watched())
