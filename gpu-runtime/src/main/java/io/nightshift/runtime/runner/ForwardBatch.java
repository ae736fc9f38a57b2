package io.nightshift.runtime.runner;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A batch in flat arrays, one entry per token. The batch is validated here, because the native code
 * that reads it checks nothing.
 */
public final class ForwardBatch {
  private final StepBatch batch;
  private final int[] firstTokens;
  private final int[] tokenIds;
  private final int[] positions;
  private final int[] rotaryPositions;
  private final int[][] slotMappings;
  private final TokenRows all;
  private final TokenRows logitsRows;
  private final int[] requestRows;

  /**
   * Creates a batch that does not depend on the previous step.
   *
   * @throws IllegalArgumentException if the batch names a token, position or block that does not
   *     exist
   */
  public ForwardBatch(StepBatch batch, StepBounds bounds) {
    this(batch, bounds, 0);
  }

  /**
   * Creates a batch that may refer to tokens that the previous step samples.
   *
   * @param requestsBefore number of logits requests of the previous step
   * @throws IllegalArgumentException if the batch names a token, position or block that does not
   *     exist
   */
  public ForwardBatch(StepBatch batch, StepBounds bounds, int requestsBefore) {
    this.batch = batch;
    int count = batch.tokenCount();
    List<StepSequence> sequences = batch.sequences();
    firstTokens = new int[sequences.size() + 1];
    tokenIds = new int[count];
    positions = new int[count];
    rotaryPositions = new int[count];
    slotMappings = new int[bounds.groups().size()][count];
    StepChecker checker = new StepChecker(bounds, requestsBefore);
    for (int s = 0; s < sequences.size(); s++) {
      StepSequence sequence = sequences.get(s);
      checker.check(sequence, s);
      int first = firstTokens[s];
      int length = sequence.tokens().length;
      firstTokens[s + 1] = first + length;
      System.arraycopy(sequence.tokens(), 0, tokenIds, first, length);
      place(sequence, first);
      for (int group = 0; group < slotMappings.length; group++) {
        mapSlots(sequence, sequence.blocks(group), slotMappings[group], first, bounds.blockSize());
      }
      placeRotary(sequence, s, first, bounds.maxPositions());
    }
    batch.hostCopies().forEach(checker::check);
    batch.copies().forEach(checker::check);
    all = rows(range(count));
    batch.pooling().forEach(this::check);
    logitsRows =
        rows(
            IntStream.concat(
                    batch.logits().stream().mapToInt(LogitsRequest::token),
                    batch.pooling().stream().flatMapToInt(ForwardBatch::tokens))
                .sorted()
                .distinct()
                .toArray());
    requestRows = requestRows(count);
  }

  public List<StepSequence> sequences() {
    return batch.sequences();
  }

  public List<HostCopy> hostCopies() {
    return batch.hostCopies();
  }

  public List<BlockCopy> copies() {
    return batch.copies();
  }

  public List<LogitsRequest> logits() {
    return batch.logits();
  }

  public List<PoolingRequest> pooling() {
    return batch.pooling();
  }

  public int tokens() {
    return tokenIds.length;
  }

  /** The token id, or {@link StepSequence#sampledBefore}. */
  public int tokenId(int token) {
    return tokenIds[token];
  }

  public int position(int token) {
    return positions[token];
  }

  /**
   * Row of a token in a table of rotary embeddings that has a row for each position of the model,
   * and as many again with the factors of long sequences: the position, plus the maximum number of
   * positions in a sequence with {@link StepSequence#longContext}.
   */
  public int rotaryPosition(int token) {
    return rotaryPositions[token];
  }

  /** Whether a token is of a sequence with {@link StepSequence#longContext}. */
  public boolean isLongContext(int token) {
    return rotaryPositions[token] != positions[token];
  }

  public int lastPosition() {
    return Arrays.stream(positions).max().orElse(0);
  }

  /**
   * KV cache slot of each token of the step in a group, as vLLM's {@code slot_mapping}: {@code
   * block * blockSize + offset}, where the block comes from the sequence's block table and the
   * offset is the token's index in that block. The array is the batch's own and must not be
   * changed.
   */
  public int[] slotMapping(int group) {
    return slotMappings[group];
  }

  /**
   * Index of the first token of a sequence within the step. For the number of sequences, the total
   * number of tokens.
   */
  public int firstToken(int sequence) {
    return firstTokens[sequence];
  }

  /** All tokens. */
  public TokenRows allRows() {
    return all;
  }

  /** The tokens whose output is read: those whose logits are requested, and those to be pooled. */
  public TokenRows logitsRows() {
    return logitsRows;
  }

  /** Index into {@link #logitsRows()} of a logits request. */
  public int logitsRow(int request) {
    return requestRows[request];
  }

  /**
   * Index into {@link #logitsRows()} of the first token of a pooling request; the others follow it.
   */
  public int pooledRow(int request) {
    return Arrays.binarySearch(logitsRows.tokens(), pooling().get(request).firstToken());
  }

  private static IntStream tokens(PoolingRequest request) {
    return IntStream.range(request.firstToken(), request.firstToken() + request.tokenCount());
  }

  private static void mapSlots(
      StepSequence sequence, int[] blocks, int[] slots, int first, int blockSize) {
    int length = sequence.tokens().length;
    int context = sequence.contextLength() - length;
    for (int q = 0; q < length; q++) {
      int index = context + q;
      slots[first + q] = blocks[index / blockSize] * blockSize + index % blockSize;
    }
  }

  private void place(StepSequence sequence, int first) {
    int length = sequence.tokens().length;
    int context = sequence.contextLength() - length;
    int treeStart = length - sequence.treeSize();
    int[] parents = sequence.treeParents();
    for (int q = 0; q < length; q++) {
      int index = context + q;
      if (parents == null || q < treeStart) {
        positions[first + q] = index;
      } else {
        int parent = parents[q - treeStart];
        positions[first + q] =
            parent < 0 ? context + treeStart : positions[first + treeStart + parent] + 1;
      }
    }
  }

  private void placeRotary(StepSequence sequence, int index, int first, int maxPositions) {
    int offset = sequence.longContext() ? maxPositions : 0;
    for (int token = first; token < firstTokens[index + 1]; token++) {
      if (positions[token] >= maxPositions) {
        throw new IllegalArgumentException(
            "Sequence %s has a token at position %s; the model has %s"
                .formatted(index, positions[token], maxPositions));
      }
      rotaryPositions[token] = offset + positions[token];
    }
  }

  private TokenRows rows(int[] tokens) {
    int[] starts = new int[firstTokens.length];
    int row = 0;
    for (int s = 0; s < starts.length; s++) {
      while (row < tokens.length && tokens[row] < firstTokens[s]) {
        row++;
      }
      starts[s] = row;
    }
    return new TokenRows(tokens, starts);
  }

  private int[] requestRows(int count) {
    int[] rows = new int[batch.logits().size()];
    for (int i = 0; i < rows.length; i++) {
      int token = batch.logits().get(i).token();
      if (token < 0 || token >= count) {
        throw new IllegalArgumentException(
            "Logits request " + i + " names token " + token + " of a step of " + count);
      }
      rows[i] = Arrays.binarySearch(logitsRows.tokens(), token);
    }
    return rows;
  }

  private static int[] range(int count) {
    int[] result = new int[count];
    Arrays.setAll(result, i -> i);
    return result;
  }

  private void check(PoolingRequest request) {
    int first = request.firstToken();
    long end = (long) first + request.tokenCount();
    if (first < 0 || request.tokenCount() < 1 || end > tokenIds.length) {
      throw new IllegalArgumentException(
          "%s names other tokens than those of a step of %s".formatted(request, tokenIds.length));
    }
  }
}
