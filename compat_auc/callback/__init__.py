"""`RocCallback`, and what it reads and draws."""
