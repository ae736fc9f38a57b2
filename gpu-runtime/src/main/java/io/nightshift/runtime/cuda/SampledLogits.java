package io.nightshift.runtime.cuda;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.TokenSampling;
import io.nightshift.runtime.sampling.LogitsException;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.sampling.TopLogprobs;
import java.util.Objects;

/** Tokens, log-sum-exps, single logits and pooled states of a step, as the device computes them. */
final class SampledLogits implements Logits {
  private final ForwardBatch batch;
  private final SamplingInputs inputs;
  private final SampledResults results;
  private final PinnedRows pooled;

  SampledLogits(
      ForwardBatch batch, SamplingInputs inputs, SampledResults results, PinnedRows pooled) {
    this.batch = batch;
    this.inputs = inputs;
    this.results = results;
    this.pooled = pooled;
  }

  @Override
  public int rows() {
    return batch.logits().size();
  }

  @Override
  public int columns(int row) {
    return requestedColumns(row).length;
  }

  @Override
  public void read(int row, float[] target) {
    int first = inputs.firstGathered(row);
    for (int i = 0; i < columns(row); i++) {
      target[i] = results.gathered(first + i);
    }
  }

  private int[] requestedColumns(int row) {
    return Objects.requireNonNull(
        batch.logits().get(row).columns(), "the logits of this request cannot be read");
  }

  @Override
  public double logSumExp(int row, LogitsWorkspace workspace) {
    float result = results.logSumExp(batch.logitsRow(row));
    if (!Float.isFinite(result)) {
      throw new LogitsException("the log-sum-exp of the logits is " + result);
    }
    return result;
  }

  @Override
  public SampledToken sampled(int row, LogitsWorkspace workspace) {
    LogitsRequest request = batch.logits().get(row);
    TokenSampling sampling = Objects.requireNonNull(request.sampling(), "no token was asked for");
    int logitsRow = batch.logitsRow(row);
    int token = results.token(logitsRow);
    if (token < 0) {
      throw new LogitsException("the largest logit is not finite, or one is not a number");
    }
    SamplingParameters parameters = sampling.parameters();
    return parameters.logprobs()
        ? new SampledToken(
            token,
            results.logProbability(logitsRow),
            results.topLogprobs(logitsRow, parameters.topLogprobs()))
        : new SampledToken(token, Float.NaN, TopLogprobs.NONE);
  }

  @Override
  public void readPooled(int request, float[] target) {
    pooled.read(request, target);
  }
}
