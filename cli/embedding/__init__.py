"""What `gatereel embed` does between reading a post and writing it.

    words --read_request--> Request --illustrate--> Illustration --draw--> files
                                                    Illustration --markup--> a block

Posts themselves are the business of `cli/posts`.
"""
