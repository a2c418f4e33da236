"""Print the versions of what draws: run by `gatereel doctor` in a process of its own."""

from importlib import import_module


def main() -> None:
    """Import the renderer as a render does, then ask each part."""
    import_module("gatereel.scenes.play.own_manim")
    manim, cairo, pango = map(import_module, ("manim", "cairo", "manimpango"))
    print(
        f"manim {manim.__version__}, cairo {cairo.cairo_version_string()}, "
        f"pango {pango.pango_version()}"
    )


if __name__ == "__main__":
    main()
