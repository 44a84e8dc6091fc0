"""What every page needs: who asks, forms, the page around it, refusals, files."""
