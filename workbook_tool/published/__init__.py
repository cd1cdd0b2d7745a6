"""Reports as they were published. Nothing else parses documents."""
