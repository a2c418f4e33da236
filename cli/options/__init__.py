"""Options that several commands share, and what the user gave by them."""
