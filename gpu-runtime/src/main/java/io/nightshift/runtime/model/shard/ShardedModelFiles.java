package io.nightshift.runtime.model.shard;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TokenizerSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of a shard, read from the files of the whole model. Projections to heads and to the
 * intermediate size are divided by rows (column-parallel, in Megatron's words), those back to the
 * hidden size by columns (row-parallel).
 *
 * <p>The bias of attention's output projection is whole, since it can be added once the ranks'
 * outputs are summed. An expert's output is multiplied by the weight of a token before that: its
 * bias is zero on all ranks but the first.
 */
public final class ShardedModelFiles implements ModelFiles {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String OUTPUT_PROJECTION = "lm_head.weight";

  /** Layer, name of the linear layer or vector, and which of its tensors. */
  private static final Pattern LAYER_TENSOR =
      Pattern.compile(
          "model\\.layers\\.(\\d+)\\.(?:self_attn|mlp(?:\\.experts\\.\\d+)?)"
              + "\\.([a-z_]+)(?:\\.(weight|bias))?");

  private final ModelFiles files;
  private final ModelShard shard;
  private final ModelConfig config;

  /**
   * @param files of the whole model {@code shard.model()}; not closed by the shard's files, and
   *     must stay open while these are used
   */
  public ShardedModelFiles(ModelFiles files, ModelShard shard) {
    this.files = files;
    this.shard = shard;
    config = shard.config();
  }

  @Override
  public Path path() {
    return files.path();
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public Tensor tensor(String name) {
    if (name.equals(OUTPUT_PROJECTION)) {
      boolean tied = shard.model().tiedEmbeddings();
      return RowSlice.of(name, files.tensor(tied ? EMBEDDING : name), shard.vocabulary());
    }
    Tensor whole = files.tensor(name);
    Matcher parts = LAYER_TENSOR.matcher(name);
    return parts.matches()
        ? ofLayer(whole, Integer.parseInt(parts.group(1)), parts.group(2), name.endsWith(".bias"))
        : whole;
  }

  private Tensor ofLayer(Tensor whole, int layer, String part, boolean bias) {
    int headSize = shard.model().attention().headSize();
    return switch (part) {
      case "q_proj" -> outputs(whole, shard.heads().times(headSize), bias);
      case "k_proj", "v_proj" -> outputs(whole, shard.keyValueHeads().times(headSize), bias);
      case "gate_proj", "up_proj" -> outputs(whole, shard.intermediate(layer), bias);
      case "sinks" -> ColumnSlice.of(whole, shard.heads());
      case "o_proj" -> bias ? whole : ColumnSlice.of(whole, shard.heads().times(headSize));
      case "down_proj" ->
          bias ? countedOnce(whole) : ColumnSlice.of(whole, shard.intermediate(layer));
      default -> whole;
    };
  }

  /** Some outputs of a linear layer: rows of its weights, or elements of its bias. */
  private static Tensor outputs(Tensor whole, Slice slice, boolean bias) {
    return bias ? ColumnSlice.of(whole, slice) : RowSlice.of(whole.name(), whole, slice);
  }

  private Tensor countedOnce(Tensor bias) {
    return shard.rank() == 0 ? bias : new ZeroVector(bias);
  }

  @Override
  public Optional<String> quantization() {
    return files.quantization();
  }

  @Override
  public boolean hasOutputProjection() {
    return files.hasOutputProjection();
  }

  @Override
  public TokenizerSource tokenizerSource() {
    return files.tokenizerSource();
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return files.chatTemplate();
  }

  /** Does nothing: the whole model's files belong to others, too. */
  @Override
  public void close() {}
}
