"""What the site needs beyond its extensions."""
