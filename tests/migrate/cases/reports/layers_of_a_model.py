from keras.layers import Dense
from keras.models import Model, Sequential
from tensorflow.keras import Input

model = Sequential([Input((3,)), Dense(4), Dense(4), Dense(2)])
base = Model(model.inputs, model.outputs)
base.layers.pop()  # CA431
del base.layers[0]  # CA431
names = [layer.name for layer in base.layers]
names.pop()
for index, layer in enumerate(base.layers[1:]):
    print(index, layer.name, layer.output_shape, layer.units)  # CA601
for layer in reversed(base.layers):
    print(layer.get_output_at(0))  # CA601
print(base.get_layer("dense").inbound_nodes, base.layers[-1].get_output_at(0))  # CA601


def rate_of(optimizer):
    return lambda y_true, y_pred: optimizer.get_updates  # CA601


def show(model):
    for layer in model.layers:
        print(layer.get_config(), layer.get_input_at(0))  # CA601
    model.layers.pop()  # CA431


class Stack:
    def __init__(self):
        self.layers = []

    def add(self, layer):
        self.layers.append(layer)
        self.layers.pop()
