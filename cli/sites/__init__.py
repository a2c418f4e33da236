"""The site that a post belongs to: where its pictures lie, and what its pages take.

    Path --site--> folder, address, Conventions

Nothing here plans or draws a picture, and nothing here reads a post.
"""
