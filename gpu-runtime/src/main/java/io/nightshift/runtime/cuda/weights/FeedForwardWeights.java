package io.nightshift.runtime.cuda.weights;

/** The weights of a layer's feed-forward network. */
public sealed interface FeedForwardWeights permits ExpertsWeights, GatedMlpWeights {}
