package io.nightshift.runtime.runner;

import io.nightshift.runtime.sampling.LogProbabilities;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;
import java.util.List;
import java.util.Objects;

/** Logits whose rows are in host memory, where log-sum-exp and sampling are computed too. */
public abstract class HostLogits implements Logits {
  private final List<LogitsRequest> requests;
  private final int vocabularySize;

  protected HostLogits(List<LogitsRequest> requests, int vocabularySize) {
    this.requests = requests;
    this.vocabularySize = vocabularySize;
  }

  /** Copies the logits of the whole vocabulary for a request. */
  public abstract void readRow(int row, float[] target);

  /** Returns the logit of one token id for a request. */
  public abstract float logit(int row, int column);

  @Override
  public final int rows() {
    return requests.size();
  }

  @Override
  public final int columns(int row) {
    int[] columns = requests.get(row).columns();
    return columns == null ? vocabularySize : columns.length;
  }

  @Override
  public final void read(int row, float[] target) {
    int[] columns = requests.get(row).columns();
    if (columns == null) {
      readRow(row, target);
      return;
    }
    for (int i = 0; i < columns.length; i++) {
      target[i] = logit(row, columns[i]);
    }
  }

  @Override
  public final double logSumExp(int row, LogitsWorkspace workspace) {
    readRow(row, workspace.row());
    return LogProbabilities.logSumExp(workspace.row(), vocabularySize);
  }

  @Override
  public final SampledToken sampled(int row, LogitsWorkspace workspace) {
    TokenSampling sampling =
        Objects.requireNonNull(requests.get(row).sampling(), "no token was asked for");
    readRow(row, workspace.row());
    return workspace
        .sampler()
        .sample(
            workspace.row(),
            vocabularySize,
            sampling.parameters(),
            sampling.context(),
            sampling.contextLength(),
            sampling.outputPosition(),
            sampling.mask());
  }
}
