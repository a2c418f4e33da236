"""What the command says, and how signals end it."""
