"""Many pictures of one command.

    options, a batch file --asked_in--> Asked --pictures--> Request
    Request --plan_all--> Ordered, Spool --draw_all--> files

What is drawn on is the business of `cli/drawing`.
"""
