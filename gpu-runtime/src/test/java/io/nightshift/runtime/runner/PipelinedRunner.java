package io.nightshift.runtime.runner;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.sampling.LogitsException;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Gives a runner two steps in flight, as a device has them: it holds results back until they are
 * awaited, and fills in the tokens that the step before has sampled. Steps with constrained rows
 * are sampled late. Some steps, chosen at random, do not feed the next one. Strict: steps are
 * awaited in order, results are read only as long as they are valid, and only a step that was fed
 * names tokens of the one before.
 */
public final class PipelinedRunner extends ForwardingModelRunner {
  private static final int MOST_IN_FLIGHT = 2;

  private final Random random;
  private final LogitsWorkspace workspace;
  private final Deque<Step> inFlight = new ArrayDeque<>();
  private @Nullable Step last;
  private long submitted;
  private long fed;

  public PipelinedRunner(ModelRunner runner, long seed) {
    super(runner);
    random = new Random(seed);
    workspace = new LogitsWorkspace(runner.config().vocabularySize());
  }

  /** Tokens of steps that were named before the host knew them. */
  public long fedTokens() {
    return fed;
  }

  @Override
  public Logits run(StepBatch batch) {
    StepInFlight step = submit(batch);
    step.sample();
    return step.await();
  }

  @Override
  public StepInFlight submit(StepBatch batch) {
    require(inFlight.size() < MOST_IN_FLIGHT, "at most two steps are in flight");
    require(
        inFlight.stream().allMatch(Step::tokensStayOnDevice),
        "a step that feeds no other is awaited first");
    List<StepSequence> sequences = batch.sequences().stream().map(this::withTokens).toList();
    List<LogitsRequest> requests = batch.logits().stream().map(this::withContext).toList();
    require(last == null || last.results != null, "a step is sampled before the next is submitted");
    Logits logits =
        runner.run(
            new StepBatch(
                sequences, batch.hostCopies(), batch.copies(), requests, batch.pooling()));
    submitted++;
    Step step = new Step(batch, logits, random.nextInt(4) > 0);
    inFlight.add(step);
    last = step;
    if (!batch.isConstrained()) {
      step.takeResults();
    }
    return step;
  }

  private StepSequence withTokens(StepSequence sequence) {
    return new StepSequence(
        known(sequence.tokens(), sequence.tokens().length),
        sequence.contextLength(),
        sequence.blockTables(),
        sequence.treeParents(),
        sequence.longContext());
  }

  private LogitsRequest withContext(LogitsRequest request) {
    TokenSampling sampling = request.sampling();
    if (sampling == null) {
      return request;
    }
    int[] context = known(sampling.context(), sampling.contextLength());
    return LogitsRequest.sampled(
        request.token(),
        new TokenSampling(
            sampling.parameters(),
            context,
            context.length,
            sampling.outputPosition(),
            sampling.constraint() == null ? null : () -> maskOf(sampling)));
  }

  private @Nullable TokenMask maskOf(TokenSampling sampling) {
    require(inFlight.size() == 1, "masks are asked for once the step before was awaited");
    return sampling.mask();
  }

  private int[] known(int[] tokens, int length) {
    return Arrays.stream(tokens, 0, length).map(this::token).toArray();
  }

  private int token(int token) {
    if (token >= 0) {
      return token;
    }
    Step before = inFlight.peekLast();
    require(before != null && before == last, "the step before is in flight");
    fed++;
    SampledToken sampled = Objects.requireNonNull(before).results().tokens[-1 - token];
    return sampled == null ? 0 : sampled.token();
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new AssertionError("broken rule: " + rule);
    }
  }

  private final class Step implements StepInFlight {
    private final StepBatch batch;
    private final Logits logits;
    private final boolean tokensStayOnDevice;
    private @Nullable Results results;

    Step(StepBatch batch, Logits logits, boolean tokensStayOnDevice) {
      this.batch = batch;
      this.logits = logits;
      this.tokensStayOnDevice = tokensStayOnDevice;
    }

    void takeResults() {
      results = new Results(batch, logits);
    }

    Results results() {
      return Objects.requireNonNull(results, "a step is sampled before it is awaited");
    }

    @Override
    public void sample() {
      if (results == null) {
        takeResults();
      }
    }

    @Override
    public boolean tokensStayOnDevice() {
      return tokensStayOnDevice;
    }

    @Override
    public Logits await() {
      require(inFlight.poll() == this, "steps are awaited in order");
      return results();
    }
  }

  /** All that a step's requests have asked for, taken when the step was run. */
  private final class Results implements Logits {
    private final long step = submitted;
    private final float[][] logits;
    private final double[] logSumExps;
    private final @Nullable SampledToken[] tokens;
    private final float[][] pooled;

    Results(StepBatch batch, Logits source) {
      List<LogitsRequest> requests = batch.logits();
      pooled = new float[batch.pooling().size()][config().hiddenSize()];
      for (int i = 0; i < pooled.length; i++) {
        source.readPooled(i, pooled[i]);
      }
      logits = new float[requests.size()][];
      logSumExps = new double[requests.size()];
      tokens = new SampledToken[requests.size()];
      for (int row = 0; row < logits.length; row++) {
        logits[row] = new float[source.columns(row)];
        source.read(row, logits[row]);
        try {
          logSumExps[row] = source.logSumExp(row, workspace);
          if (requests.get(row).sampling() != null) {
            tokens[row] = source.sampled(row, workspace);
          }
        } catch (LogitsException e) {
          logSumExps[row] = Double.NaN;
        }
      }
    }

    private void requireValid() {
      require(submitted <= step + MOST_IN_FLIGHT, "results are valid for two more steps");
    }

    @Override
    public int rows() {
      return logits.length;
    }

    @Override
    public int columns(int row) {
      return logits[row].length;
    }

    @Override
    public void readPooled(int request, float[] target) {
      requireValid();
      System.arraycopy(pooled[request], 0, target, 0, pooled[request].length);
    }

    @Override
    public void read(int row, float[] target) {
      requireValid();
      System.arraycopy(logits[row], 0, target, 0, logits[row].length);
    }

    @Override
    public double logSumExp(int row, LogitsWorkspace unused) {
      requireValid();
      if (Double.isNaN(logSumExps[row])) {
        throw new LogitsException("the log-sum-exp is NaN");
      }
      return logSumExps[row];
    }

    @Override
    public SampledToken sampled(int row, LogitsWorkspace unused) {
      requireValid();
      SampledToken token = tokens[row];
      if (token == null) {
        throw new LogitsException("no token could be sampled");
      }
      return token;
    }
  }
}
