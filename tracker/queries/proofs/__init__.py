"""What a proof of the record is made of: the chains, their heads, the checkpoints of a log."""
