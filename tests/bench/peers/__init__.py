"""What others draw the same with, each in a program of its own."""
