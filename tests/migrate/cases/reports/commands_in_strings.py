"""Commands and cells in strings that are not changed."""
import os

import keras

os.system('pip install \'keras<2.4\'')  # CA504
os.system("rm -r keras==2.2.4")
os.system(f"pip install keras=={keras.__version__}")
print("pip install keras==2.2.4")
os.system("pip install keras")
get_ipython().run_cell_magic('time', '', 'model.fit(x, y, nb_epoch=3)')  # CA503
get_ipython().run_cell_magic('bash', '', 'pip list')
