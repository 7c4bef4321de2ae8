"""Find out what a script's metric functions and callbacks compute."""
