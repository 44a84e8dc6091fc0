"""What proves a record: trees, notes, checkpoints, leaves, witnesses."""
