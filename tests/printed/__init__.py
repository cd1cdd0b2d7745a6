"""Reports as others print them: random ones with any irregularity, in any notation, and what is true of them."""
