"""Bytes to documents and back: scripts, notebooks and requirement files; finding files, and writing them."""
