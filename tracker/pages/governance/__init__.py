"""Bodies, their agendas, decisions and packs."""
