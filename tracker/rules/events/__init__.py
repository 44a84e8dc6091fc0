"""What can happen, a frozen class for each kind, and who hears of it. All kinds are declared once one is looked for."""

from tracker.rules.events import (
    arrangement,
    asking,
    decision,
    issue,
    merging,
    moving,
    papers,
    providers,
    proving,
    redaction,
    report,
    resolution,
    tokens,
)
