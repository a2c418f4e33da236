"""Where things stand: what a diagram says, and how it is fitted to sizes and numbers, in pixels."""
