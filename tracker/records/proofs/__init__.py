"""What is kept so that either side can prove the record: the key it is signed with, its log, its checkpoints."""
