"""How it is going: pure measures over plain values, standard library only."""
