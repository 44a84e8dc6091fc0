"""What we keep: tables with verbs."""
