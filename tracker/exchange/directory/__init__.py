"""An organisation's own directory, by SCIM 2.0: what it says of its people, and what is told of them."""
