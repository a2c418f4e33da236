"""Many pictures at once, on whatever there is to draw on.

    Picture --task_of--> Task --draw_in_place--> Drawn, files in their places
                         Task --draw_as_bytes--> Drawn --settle--> files in their places

Whoever draws is a `concurrent.futures.Executor`: processes here, or a cluster.
"""
