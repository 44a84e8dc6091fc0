"""What proves a record to somebody who has only a proof: trees, notes, checkpoints, as RFC 9162 and C2SP have them."""
