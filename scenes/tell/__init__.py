"""What is told of a computation, and when: storyboard, acts, equations, words, descriptions.

No length in pixels and no colour: what is told here can be drawn, printed or read aloud.
"""
