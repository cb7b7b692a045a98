"""Learnt detection."""
