"""The players: manim plays tableaux as films, cairo draws them as stills.

Importing this package alone stays light: only what plays films imports manim.
"""
