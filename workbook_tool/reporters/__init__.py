"""The findings, for people and for machines."""
