"""Who the journeys are about, by address; `charter.toml` says what each of them is."""

AMINA = "amina@hospital.example"  # front line
BRID = "brid@hospital.example"  # manager
DORA = "dora@hospital.example"  # steering, lead
COLM = "colm@council.example"  # manager
ESI = "esi@council.example"  # steering, lead
FEMI = "femi@homes.example"  # manager and lead of the third organisation
GITA = "gita@homes.example"  # front line of the third organisation, and by and by of the hospital
