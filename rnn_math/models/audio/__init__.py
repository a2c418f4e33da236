"""Recurrent models of guitar amplifiers, in the files that audio plugins load."""
