"""Learnt detection: features as transactions come, forests, reasons, training, judging.

Pure as all detectors are. scikit-learn is loaded by the functions that fit, and by nothing else.
"""
