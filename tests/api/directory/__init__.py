"""An organisation's directory, by SCIM."""
