"""SCIM 2.0 (RFC 7643 and 7644): an organisation's own directory says who belongs to it."""
