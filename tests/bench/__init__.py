"""How quick it is: a partnership's years in a database, the server as it is deployed, and what its pages cost."""
