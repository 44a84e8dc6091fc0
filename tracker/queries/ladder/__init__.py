"""What the ladder report asks: issues with what their events say."""
