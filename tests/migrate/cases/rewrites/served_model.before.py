"""A model behind a server, whose graph and session scripts of 2018 held on to."""
import keras
import keras.backend as K
from tensorflow import ConfigProto, Session, get_default_graph

config = ConfigProto()
config.gpu_options.allow_growth = True
K.set_session(Session(config=config))
model = keras.models.load_model("best.h5")
model.compile("adagrad", "mse")
K.set_value(model.layers[0].bias, [0.0])
graph = get_default_graph()


def serve(model, x):
    with graph.as_default():
        return model.predict_proba(x)
