"""What a partnership is told, whatever the face: what keeps rubbing, how issues climb, packs."""
