"""Run a script or notebook that is migrated in memory, with the modules that it imports."""
