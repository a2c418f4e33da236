"""Run the command and tell how its computing splits: up to the first frame, and a frame after it.

    python tests/bench/film_split.py PACKAGE_PREFIX render lstm -o lstm.gif

`PACKAGE_PREFIX` is "gatereel." or, for commits from before there was that package, "". Both hand
each frame to `Files.write`, in this process or as what changed to `Files.follow`.
"""

import importlib
import importlib.util
import json
import resource
import sys


def computing() -> float:
    """Seconds that this process and the copies of it that have ended computed."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main(prefix: str, *words: str) -> None:
    """Count frames as they go by; the module is looked at when the command has imported it."""
    moments: list[float] = []
    frames = 0

    class Watching:
        """Puts a look at the clock before what takes frames, as soon as it is imported."""

        def find_spec(self, name: str, path: object, target: object = None) -> object:
            if name != f"{prefix}scenes.export.files":
                return None
            sys.meta_path.remove(self)  # type: ignore[arg-type]
            spec = importlib.util.find_spec(name)
            assert spec is not None
            assert spec.loader is not None
            execute = spec.loader.exec_module

            def execute_and_watch(module: object) -> None:
                execute(module)  # type: ignore[arg-type]
                _watch(module)

            spec.loader.exec_module = execute_and_watch  # type: ignore[method-assign]
            return spec

    def _watch(module: object) -> None:
        files = module.Files  # type: ignore[attr-defined]
        taken = "follow" if hasattr(files, "follow") else "write"
        take = getattr(files, taken)

        def count(self: object, *arguments: object) -> object:
            nonlocal frames
            if not frames:
                moments.append(computing())
            frames += 1
            return take(self, *arguments)

        setattr(files, taken, count)

    sys.meta_path.insert(0, Watching())  # type: ignore[arg-type]
    command = importlib.import_module(f"{prefix}cli").main
    sys.argv = ["gatereel", *words]
    code = command()  # as it is called by users, which settles how many threads multiply
    assert code == 0, code
    rest = (computing() - moments[0]) / frames
    print(json.dumps({"fixed": moments[0], "frame": rest, "frames": frames}))


if __name__ == "__main__":
    main(*sys.argv[1:])
