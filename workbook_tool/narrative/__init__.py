"""What the prose of a report says in figures, and the fields that say it for the tables."""
