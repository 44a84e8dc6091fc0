"""What a partnership is told, whatever the face: what keeps getting in the way, how issues climb, packs."""
