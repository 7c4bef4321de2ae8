"""Commands that install versions of long ago."""
import os
import subprocess
import sys

os.system("pip install 'tensorflow>=2.16' 'keras>=3'")
os.system('pip install -q "keras>=3" pandas==1.0')
get_ipython().system('pip install "tensorflow>=2.16"')
get_ipython().run_line_magic('tensorflow_version', '2.x')
get_ipython().run_line_magic("pip", "install 'h5py>=3'")
subprocess.check_call([sys.executable, "-m", "pip", "install", "tensorflow>=2.16", "h5py"])

import keras
