package io.nightshift.runtime.runner;

/**
 * What the steps of a runner may refer to.
 *
 * @param vocabularySize number of token ids
 * @param maxPositions number of positions
 * @param blockSize tokens per KV cache block
 * @param blockCount number of KV cache blocks
 */
public record StepBounds(int vocabularySize, int maxPositions, int blockSize, int blockCount) {}
