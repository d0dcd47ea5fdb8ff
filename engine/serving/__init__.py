"""The HTTP side of the engine: one FastAPI app, mounted beside the pages or run alone."""
