"""From options to a cell that is ready to run, and to a planned film."""
