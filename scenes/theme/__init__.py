"""How a picture looks: the theme, what the entries of its files must be, and a file a theme."""
