"""Pages of bodies, decisions and packs."""
