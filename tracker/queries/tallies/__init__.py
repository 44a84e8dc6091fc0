"""What the theme report asks: months counted, kept and drawn on."""
