"""`RocCallback`, the data that it reads, and the curves that it draws."""
