"""Shapes and tableaux: outlines with colours, from back to front, still without a renderer."""
