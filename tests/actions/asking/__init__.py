"""Tests of tracker.actions.asking."""
