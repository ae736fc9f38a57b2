package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.TokenizerSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A tiny model with random weights and a configuration in which every field is drawn by itself, so
 * that combinations occur that no family has. Norms, biases and sinks are random, too.
 */
public final class RandomModel implements ModelFiles {
  private static final int MAX_POSITIONS = 128;

  private final ModelConfig config;
  private final Map<String, Tensor> tensors = new HashMap<>();

  public RandomModel(long seed) {
    Random random = new Random(seed);
    config = config(random);
    TensorShape.impliedBy(config)
        .forEach(shape -> tensors.put(shape.name(), new Values(shape, values(shape, random))));
  }

  private static ModelConfig config(Random random) {
    AttentionConfig attention = attention(random);
    List<LayerConfig> layers = new ArrayList<>();
    int count = 2 + random.nextInt(2);
    for (int layer = 0; layer < count; layer++) {
      layers.add(
          new LayerConfig(
              pick(random, 0, 5, 17), rope(random, attention.headSize()), feedForward(random)));
    }
    return new ModelConfig(
        ModelFamily.LLAMA,
        pick(random, 32, 44, 64),
        331,
        MAX_POSITIONS,
        attention,
        layers,
        pick(random, NormPlacement.values()),
        1e-5f,
        new Multipliers(
            pick(random, 1f, 0.5f, 3f),
            pick(random, 1f, 0.4f),
            pick(random, 1f, 0.25f),
            pick(random, 0f, 3f)),
        false,
        Set.of());
  }

  private static AttentionConfig attention(Random random) {
    int keyValueHeads = pick(random, 1, 2, 3);
    return new AttentionConfig(
        keyValueHeads * pick(random, 1, 2, 4),
        keyValueHeads,
        pick(random, 8, 16, 24),
        pick(random, 0.25f, 0.4f),
        pick(random, 0f, 2f),
        random.nextBoolean(),
        random.nextBoolean(),
        pick(random, QueryKeyNorm.values()),
        random.nextBoolean());
  }

  private static Optional<RopeConfig> rope(Random random, int headSize) {
    if (random.nextInt(4) == 0) {
      return Optional.empty();
    }
    int dimensions = random.nextBoolean() ? headSize : headSize / 4 * 2;
    return Optional.of(
        new RopeConfig(
            pick(random, 100f, 10_000f),
            dimensions,
            factors(random, dimensions / 2),
            pick(random, 1f, 1.2f),
            random.nextBoolean()
                ? Optional.of(new RopeConfig.LongContext(32, factors(random, dimensions / 2)))
                : Optional.empty()));
  }

  private static List<Float> factors(Random random, int count) {
    return Stream.generate(() -> 1 + 3 * random.nextFloat()).limit(count).toList();
  }

  private static FeedForwardConfig feedForward(Random random) {
    int width = pick(random, 24, 48, 200);
    Activation activation = pick(random, Activation.values());
    int experts = pick(random, 4, 7, 16);
    return random.nextBoolean()
        ? new GatedMlpConfig(width, activation)
        : new ExpertsConfig(
            experts,
            1 + random.nextInt(experts),
            width,
            activation,
            random.nextBoolean(),
            random.nextBoolean());
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }

  private static float[] values(TensorShape shape, Random random) {
    boolean norm = shape.name().endsWith("norm.weight");
    boolean matrix = shape.rows() > 1;
    double deviation = norm ? 0.3 : matrix ? 1.5 / Math.sqrt(shape.columns()) : 0.5;
    float[] values = new float[shape.rows() * shape.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((norm ? 1 : 0) + deviation * random.nextGaussian());
    }
    return values;
  }

  @Override
  public Path path() {
    return Path.of("random");
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AssertionError("The configuration implies no tensor " + name);
    }
    return tensor;
  }

  @Override
  public TokenizerSource tokenizerSource() {
    throw new AssertionError("Random models have no tokenizer");
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return Optional.empty();
  }

  @Override
  public void close() {}

  private record Values(TensorShape shape, float[] values) implements Tensor {
    @Override
    public String name() {
      return shape.name();
    }

    @Override
    public TensorType type() {
      return TensorType.F32;
    }

    @Override
    public int rows() {
      return shape.rows();
    }

    @Override
    public int columns() {
      return shape.columns();
    }

    @Override
    public void readRows(int firstRow, int count, float[] target, int offset) {
      System.arraycopy(values, firstRow * columns(), target, offset, count * columns());
    }

    @Override
    public ByteBuffer rawRow(int row) {
      ByteBuffer bytes =
          ByteBuffer.allocate(columns() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values, row * columns(), columns());
      return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
