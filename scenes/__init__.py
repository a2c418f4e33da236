"""The pictures: theme, symbols, diagrams, storyboard, and the export of frames to files.

Importing this package alone stays light; a module that draws imports its renderer itself.
"""
