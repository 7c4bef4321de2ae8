"""A parsed file, and what its names mean."""
