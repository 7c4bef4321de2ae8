# from keras.layers.core import Dense
# tensorflow.contrib.metrics.streaming_auc
