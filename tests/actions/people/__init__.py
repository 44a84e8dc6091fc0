"""Tests of tracker.actions.people."""
