import efficientnet.keras as efn  # CA423
import segmentation_models as sm  # CA423
import tensorflow_addons as tfa  # CA423
from deepctr.models import DeepFM  # CA423
from keras_bert import load_trained_model_from_checkpoint  # CA423
from keras_radam import RAdam  # CA423
from keras_self_attention import SeqSelfAttention  # CA423
from keras_tqdm import TQDMNotebookCallback  # CA423
from rl.agents import DQNAgent  # CA423
from spektral.layers import GraphConv  # CA423
from stellargraph.layer import GraphSAGE  # CA423
from tensorflow import keras
from vis.visualization import visualize_saliency  # CA423

model = keras.Sequential([keras.layers.Dense(1)])
model.compile(RAdam(), "mse", metrics=[tfa.metrics.F1Score(num_classes=2)])
