"""Names of Keras that no Keras up to 2.3 and no TensorFlow up to 2.1 had. A file with one of them is not that old.

Source: the public names of keras 2.3.1 and of tf.keras in TensorFlow 1.15.5 and 2.1.4, taken from those of tf.keras in
TensorFlow 2.15.1, of tf_keras 2.21 and of keras 3.15. A test checks that the newest packages still have the names. A
module stands for everything in it.
"""

from __future__ import annotations

SINCE_KERAS_2_4 = frozenset(
    """
    DTypePolicy FloatDTypePolicy Function Initializer InputSpec KerasTensor Layer Loss Metric Operation
    Optimizer Quantizer Regularizer RematScope StatelessScope SymbolicScope Variable
    applications.ConvNeXtBase applications.ConvNeXtLarge applications.ConvNeXtSmall
    applications.ConvNeXtTiny applications.ConvNeXtXLarge applications.EfficientNetB0
    applications.EfficientNetB1 applications.EfficientNetB2 applications.EfficientNetB3
    applications.EfficientNetB4 applications.EfficientNetB5 applications.EfficientNetB6
    applications.EfficientNetB7 applications.EfficientNetV2B0 applications.EfficientNetV2B1
    applications.EfficientNetV2B2 applications.EfficientNetV2B3 applications.EfficientNetV2L
    applications.EfficientNetV2M applications.EfficientNetV2S applications.MobileNetV3Large
    applications.MobileNetV3Small applications.RegNetX002 applications.RegNetX004 applications.RegNetX006
    applications.RegNetX008 applications.RegNetX016 applications.RegNetX032 applications.RegNetX040
    applications.RegNetX064 applications.RegNetX080 applications.RegNetX120 applications.RegNetX160
    applications.RegNetX320 applications.RegNetY002 applications.RegNetY004 applications.RegNetY006
    applications.RegNetY008 applications.RegNetY016 applications.RegNetY032 applications.RegNetY040
    applications.RegNetY064 applications.RegNetY080 applications.RegNetY120 applications.RegNetY160
    applications.RegNetY320 applications.ResNetRS101 applications.ResNetRS152 applications.ResNetRS200
    applications.ResNetRS270 applications.ResNetRS350 applications.ResNetRS420 applications.ResNetRS50
    callbacks.BackupAndRestore callbacks.OrbaxCheckpoint callbacks.SidecarEvaluatorModelExport
    callbacks.SwapEMAWeights config datasets.california_housing datasets.reuters.get_label_names device
    distillation distribution dtype_policies export initializers.HeNormal initializers.HeUniform
    initializers.IdentityInitializer initializers.LecunNormal initializers.LecunUniform
    initializers.OrthogonalInitializer initializers.STFT initializers.STFTInitializer
    layers.AdaptiveAveragePooling1D layers.AdaptiveAveragePooling2D layers.AdaptiveAveragePooling3D
    layers.AdaptiveMaxPooling1D layers.AdaptiveMaxPooling2D layers.AdaptiveMaxPooling3D layers.AugMix
    layers.AutoContrast layers.CategoryEncoding layers.CenterCrop
    layers.ContrastLimitedAdaptiveHistogramEqualization layers.Conv1DTranspose layers.ConvLSTM1D
    layers.ConvLSTM3D layers.Convolution1DTranspose layers.CutMix layers.DepthwiseConv1D
    layers.Discretization layers.EinsumDense layers.Equalization layers.FlaxLayer layers.GroupNormalization
    layers.GroupQueryAttention layers.HashedCrossing layers.Hashing layers.Identity layers.IntegerLookup
    layers.JaxLayer layers.MaxNumBoundingBoxes layers.MelSpectrogram layers.MixUp layers.MultiHeadAttention
    layers.Normalization layers.Pipeline layers.RMSNormalization layers.RandAugment layers.RandomBrightness
    layers.RandomColorDegeneration layers.RandomColorJitter layers.RandomContrast layers.RandomCrop
    layers.RandomElasticTransform layers.RandomErasing layers.RandomFlip layers.RandomGaussianBlur
    layers.RandomGrayscale layers.RandomHeight layers.RandomHue layers.RandomInvert layers.RandomPerspective
    layers.RandomPosterization layers.RandomRotation layers.RandomSaturation layers.RandomSharpness
    layers.RandomShear layers.RandomTranslation layers.RandomWidth layers.RandomZoom layers.Rescaling
    layers.Resizing layers.ReversibleEmbedding layers.STFTSpectrogram layers.Solarization
    layers.SpectralNormalization layers.StringLookup layers.TFSMLayer layers.TextVectorization
    layers.TorchModuleWrapper layers.UnitNormalization layers.experimental.DynamicEmbedding
    layers.experimental.DynamicLookup layers.experimental.EinsumDense
    layers.experimental.RandomFourierFeatures layers.experimental.SyncBatchNormalization
    layers.experimental.preprocessing.CategoryEncoding layers.experimental.preprocessing.CenterCrop
    layers.experimental.preprocessing.Discretization layers.experimental.preprocessing.HashedCrossing
    layers.experimental.preprocessing.Hashing layers.experimental.preprocessing.IntegerLookup
    layers.experimental.preprocessing.RandomContrast layers.experimental.preprocessing.RandomCrop
    layers.experimental.preprocessing.RandomFlip layers.experimental.preprocessing.RandomHeight
    layers.experimental.preprocessing.RandomRotation layers.experimental.preprocessing.RandomTranslation
    layers.experimental.preprocessing.RandomWidth layers.experimental.preprocessing.RandomZoom
    layers.experimental.preprocessing.Rescaling layers.experimental.preprocessing.Resizing
    layers.experimental.preprocessing.StringLookup losses.BinaryFocalCrossentropy losses.CTC
    losses.CategoricalFocalCrossentropy losses.CategoricalGeneralizedCrossEntropy losses.Circle losses.Dice
    losses.Tversky metrics.BinaryIoU metrics.ConcordanceCorrelation metrics.F1Score metrics.FBetaScore
    metrics.IoU metrics.MeanMetricWrapper metrics.OneHotIoU metrics.OneHotMeanIoU metrics.PearsonCorrelation
    metrics.R2Score metrics.RecallAtPrecision mixed_precision.DTypePolicy mixed_precision.LossScaleOptimizer
    mixed_precision.Policy mixed_precision.dtype_policy mixed_precision.global_policy
    mixed_precision.set_dtype_policy mixed_precision.set_global_policy name_scope ops optimizers.Adafactor
    optimizers.AdamW optimizers.Lamb optimizers.Lion optimizers.LossScaleOptimizer optimizers.MultiOptimizer
    optimizers.Muon optimizers.OptimizerMap optimizers.ScheduleFreeAdamW optimizers.schedules.CosineDecay
    optimizers.schedules.CosineDecayRestarts preprocessing.image.smart_resize
    preprocessing.image_dataset_from_directory preprocessing.text_dataset_from_directory
    preprocessing.timeseries_dataset_from_array quantizers random regularizers.L1 regularizers.L2
    regularizers.OrthogonalRegularizer remat saving tree utils.Config utils.FeatureSpace utils.PyDataset
    utils.StepsPerExecutionTuner utils.TimedThread utils.array_to_img utils.audio_dataset_from_directory
    utils.bounding_boxes utils.clear_session utils.disable_interactive_logging
    utils.enable_interactive_logging utils.get_registered_name utils.get_registered_object
    utils.image_dataset_from_directory utils.img_to_array utils.is_interactive_logging_enabled
    utils.is_keras_tensor utils.load_img utils.pack_x_y_sample_weight utils.pad_sequences utils.save_img
    utils.set_random_seed utils.split_dataset utils.standardize_dtype utils.text_dataset_from_directory
    utils.timeseries_dataset_from_array utils.to_ordinal utils.unpack_x_y_sample_weight
    utils.warmstart_embedding_matrix visualization
    """.split()
)
