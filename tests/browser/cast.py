"""Who the journeys are about, by address; `charter.toml` says what each of them is."""

AMINA = "amina@hospital.example"  # front line
BRID = "brid@hospital.example"  # manager
DORA = "dora@hospital.example"  # steering, lead
COLM = "colm@council.example"  # manager
ESI = "esi@council.example"  # steering, lead
FEMI = "femi@homes.example"  # manager and lead of the third organisation
