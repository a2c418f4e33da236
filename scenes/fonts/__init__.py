"""The bundled fonts, and how wide a text set in them is."""
