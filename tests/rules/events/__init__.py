"""What happens, and who hears."""
