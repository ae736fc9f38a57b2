package io.nightshift.runtime.engine;

import io.nightshift.runtime.runner.BlockCopy;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PoolingRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A device whose arithmetic goes wrong: a step that computes token {@link #BAD} of a sequence
 * spoils all slots that it writes for this sequence, those before the token included. Whoever reads
 * a spoiled slot gets logits that are no numbers, and writes spoiled slots too.
 */
final class SpoilingRunner extends ForwardingModelRunner {
  static final int BAD = 5;

  private final BitSet spoiled = new BitSet();

  SpoilingRunner(ModelRunner runner) {
    super(runner);
  }

  @Override
  public Logits run(StepBatch batch) {
    for (BlockCopy copy : batch.copies()) {
      for (int i = 0; i < copy.tokens(); i++) {
        spoiled.set(copy.target() * blockSize() + i, spoiled.get(copy.source() * blockSize() + i));
      }
    }
    // Sequences may read what others of the same step write: once for each that can pass it on.
    batch.sequences().forEach(sequence -> write(sequence, hasBadToken(sequence)));
    for (int i = 0; i < batch.sequences().size(); i++) {
      batch.sequences().forEach(sequence -> write(sequence, isSpoiled(sequence)));
    }
    BitSet rows = new BitSet();
    int token = 0;
    for (StepSequence sequence : batch.sequences()) {
      rows.set(token, token + sequence.tokens().length, isSpoiled(sequence));
      token += sequence.tokens().length;
    }
    return new SpoiledLogits(
        batch, config().vocabularySize(), (HostLogits) runner.run(batch), rows);
  }

  private static boolean hasBadToken(StepSequence sequence) {
    return Arrays.stream(sequence.tokens()).anyMatch(token -> token == BAD);
  }

  private void write(StepSequence sequence, boolean spoils) {
    int first = sequence.contextLength() - sequence.tokens().length;
    for (int i = first; i < sequence.contextLength(); i++) {
      spoiled.set(slot(sequence, i), spoils);
    }
  }

  private boolean isSpoiled(StepSequence sequence) {
    for (int i = 0; i < sequence.contextLength(); i++) {
      if (spoiled.get(slot(sequence, i))) {
        return true;
      }
    }
    return false;
  }

  private int slot(StepSequence sequence, int token) {
    return sequence.blocks(0)[token / blockSize()] * blockSize() + token % blockSize();
  }

  private static final class SpoiledLogits extends HostLogits {
    private final StepBatch batch;
    private final HostLogits logits;
    private final BitSet spoiled;

    SpoiledLogits(StepBatch batch, int vocabularySize, HostLogits logits, BitSet spoiled) {
      super(batch.logits(), vocabularySize);
      this.batch = batch;
      this.logits = logits;
      this.spoiled = spoiled;
    }

    @Override
    public void readRow(int row, float[] target) {
      logits.readRow(row, target);
      if (spoiled.get(batch.logits().get(row).token())) {
        Arrays.fill(target, Float.NaN);
      }
    }

    @Override
    public float logit(int row, int column) {
      return spoiled.get(batch.logits().get(row).token()) ? Float.NaN : logits.logit(row, column);
    }

    @Override
    public void readPooled(int request, float[] target) {
      logits.readPooled(request, target);
      PoolingRequest pooled = batch.pooling().get(request);
      int next = spoiled.nextSetBit(pooled.firstToken());
      if (next >= 0 && next < pooled.firstToken() + pooled.tokenCount()) {
        Arrays.fill(target, Float.NaN);
      }
    }
  }
}
