"""What the partnership agreed: pure values and decisions, standard library only."""
