"""What a script's metric functions and callbacks compute."""
