"""Commands that install versions of long ago."""
import os
import subprocess
import sys

os.system("pip install tensorflow==1.15 keras==2.2.4")
os.system('pip install -q "keras<2.4" pandas==1.0')
get_ipython().system('pip install tensorflow-gpu==1.14')
get_ipython().run_line_magic('tensorflow_version', '1.x')
get_ipython().run_line_magic("pip", "install h5py==2.10.0")
subprocess.check_call([sys.executable, "-m", "pip", "install", "tensorflow==1.15.0", "h5py"])

import keras
