"""Magics as calls, as a notebook exports them, with other numbers of arguments."""
import keras

get_ipython().run_line_magic("matplotlib")
get_ipython().run_cell_magic("time", "")
