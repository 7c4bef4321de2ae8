"""What old and new releases have: names, objects, calls, versions; and advice on what is gone."""
