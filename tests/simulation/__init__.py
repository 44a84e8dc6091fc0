"""How often the verdicts are right, and wrong, where it is known what happened."""
