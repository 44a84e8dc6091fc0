"""What we keep: tables with verbs."""

from tracker.records import columns  # names constraints, before any table is declared
