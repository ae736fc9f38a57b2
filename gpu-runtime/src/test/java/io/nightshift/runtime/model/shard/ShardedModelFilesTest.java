package io.nightshift.runtime.model.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.model.weights.MappedFile;
import io.nightshift.runtime.model.weights.MappedTensor;
import io.nightshift.runtime.model.weights.RowOrder;
import io.nightshift.runtime.model.weights.StoredTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardedModelFilesTest {
  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({
    "tiny-llama, 2",
    "tiny-mistral, 2",
    "tiny-gemma2, 2",
    "tiny-llama-dynamic, 4",
    "tiny-llama-rope-scaling.gguf, 4",
    "tiny-mixtral, 4",
    "tiny-phi3-longrope, 3",
    "tiny-gpt-oss, 2",
    "tiny-gpt-oss-mxfp4, 2",
    "tiny-gpt-oss-mxfp4.gguf, 2",
    "tiny-qwen3-moe-dense-layer, 2",
    "tiny-llama-fp8-blocks, 2",
    "tiny-llama-gptq, 2",
    "tiny-llama-awq, 2",
    "tiny-qwen2-w8a16-asymmetric, 2",
    "tiny-qwen2-mixed, 2",
  })
  void shardsStackToTheWholeModel(String name, int degree) throws IOException {
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny(name))) {
      ModelConfig model = files.config();
      List<ModelFiles> shards = shards(files, degree);
      for (TensorShape shape : TensorShape.impliedBy(model).toList()) {
        assertStack(shape.name(), files.tensor(shape.name()), shards, model);
      }
      for (ModelFiles shard : shards) {
        for (TensorShape shape : TensorShape.impliedBy(shard.config()).toList()) {
          Tensor tensor = shard.tensor(shape.name());
          assertThat(tensor.name()).isEqualTo(shape.name());
          assertThat(new TensorShape(tensor.name(), tensor.rows(), tensor.columns()))
              .isEqualTo(shape);
          assertRawRowsAreTheRows(tensor);
        }
      }
    }
  }

  /** How tensors are divided is taken from the shapes that a shard's configuration implies. */
  private static void assertStack(
      String name, Tensor whole, List<ModelFiles> shards, ModelConfig model) {
    List<float[][]> parts = shards.stream().map(shard -> rows(shard.tensor(name))).toList();
    float[][] expected = rows(whole);
    if (name.equals("lm_head.weight")) {
      assertThat(Arrays.copyOf(stackedRows(parts), expected.length)).isDeepEqualTo(expected);
    } else if (name.endsWith("down_proj.bias")) {
      assertThat(parts.get(0)).isDeepEqualTo(expected);
      parts.stream().skip(1).forEach(zeros -> assertThat(zeros[0]).containsOnly(0));
    } else if (name.matches(".*[kv]_proj.*") && shards.size() > model.attention().keyValueHeads()) {
      assertRepeated(name, parts, expected, model.attention().keyValueHeads());
    } else if (parts.get(0).length < expected.length) {
      assertThat(stackedRows(parts)).isDeepEqualTo(expected);
    } else if (parts.get(0)[0].length < expected[0].length) {
      assertThat(stackedColumns(parts)).isDeepEqualTo(expected);
    } else {
      assertThat(parts).allSatisfy(part -> assertThat(part).isDeepEqualTo(expected));
    }
  }

  private static void assertRepeated(
      String name, List<float[][]> parts, float[][] expected, int heads) {
    int each = parts.size() / heads;
    List<float[][]> distinct =
        IntStream.range(0, heads).mapToObj(head -> parts.get(head * each)).toList();
    for (int rank = 0; rank < parts.size(); rank++) {
      assertThat(parts.get(rank)).isDeepEqualTo(distinct.get(rank / each));
    }
    assertThat(name.endsWith("bias") ? stackedColumns(distinct) : stackedRows(distinct))
        .isDeepEqualTo(expected);
  }

  @Test
  void theOutputProjectionOfATiedModelIsPartOfItsEmbedding() {
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny("tiny-gemma2"))) {
      List<ModelFiles> shards = shards(files, 2);
      float[][] embedding = rows(files.tensor("model.embed_tokens.weight"));
      float[][] first = rows(shards.get(0).tensor("lm_head.weight"));
      float[][] second = rows(shards.get(1).tensor("lm_head.weight"));
      assertThat(embedding).hasNumberOfRows(331);
      assertThat(first).isDeepEqualTo(Arrays.copyOf(embedding, 166));
      assertThat(Arrays.copyOf(second, 165)).isDeepEqualTo(Arrays.copyOfRange(embedding, 166, 331));
      assertThat(second[165]).as("beyond the vocabulary").containsOnly(0);
      assertThat(shards.get(1).config().tiedEmbeddings()).isFalse();
    }
  }

  @Test
  void columnsThatAreWholeBlocksStayQuantized() throws IOException {
    try (ModelFiles files = ModelFormats.open(RealModel.smolLm2())) {
      for (String name : List.of("self_attn.o_proj.weight", "mlp.down_proj.weight")) {
        Tensor whole = files.tensor("model.layers.7." + name);
        assertThat(whole.type()).isEqualTo(TensorType.Q4_1);
        List<ModelFiles> shards = shards(files, 3);
        List<Tensor> parts =
            shards.stream().map(shard -> shard.tensor("model.layers.7." + name)).toList();
        for (Tensor part : parts) {
          assertThat(part.type()).isEqualTo(TensorType.Q4_1);
          assertThat(part).isInstanceOf(QuantizedTensor.class);
          assertRawRowsAreTheRows(part);
        }
        assertThat(stackedColumns(parts.stream().map(ShardedModelFilesTest::rows).toList()))
            .isDeepEqualTo(rows(whole));
      }
    }
  }

  @Test
  void columnsThatDivideABlockAreDecoded() {
    Path model = ModelResources.tiny("tiny-gpt-oss-mxfp4.gguf");
    try (ModelFiles files = ModelFormats.open(model)) {
      String name = "model.layers.1.mlp.experts.3.down_proj.weight";
      assertThat(files.tensor(name).type()).isEqualTo(TensorType.MXFP4);
      assertThat(shards(files, 2))
          .allSatisfy(shard -> assertThat(shard.tensor(name).type()).isEqualTo(TensorType.F32));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL",
    "IQ4_XS", "MXFP4", "NVFP4", "F16", "BF16", "F32"
  })
  void rowsBeyondTheEndAreZerosInEveryEncoding(TensorType type) throws IOException {
    byte[] stored = new byte[(int) type.bytes(256)];
    Arrays.fill(stored, (byte) 0x11);
    Tensor matrix = decoded(type, 1, 256, stored);
    Tensor slice = RowSlice.of("lm_head.weight", matrix, new Slice(1, 2));
    assertThat(rows(slice)).isDeepEqualTo(new float[2][256]);
    assertRawRowsAreTheRows(slice);
  }

  @ParameterizedTest
  @CsvSource({"Q4_K, 32, 64", "Q6_K, 48, 32", "Q4_0, 224, 32", "Q6_K, 16, 16", "Q8_0, 40, 8"})
  void columnsThatAreWholeGroupsOrPartOfOneStayQuantized(TensorType type, int first, int count)
      throws IOException {
    byte[] stored = new byte[(int) type.bytes(2 * 256)];
    new Random(1).nextBytes(stored);
    for (int i = 0; i < stored.length; i++) {
      stored[i] &= (byte) 0xBB; // no f16 number is infinite or none at all
    }
    Tensor matrix = decoded(type, 2, 256, stored);
    Tensor slice = ColumnSlice.of(matrix, new Slice(first, count));
    assertThat(slice).isInstanceOf(QuantizedTensor.class);
    assertThat(rows(slice))
        .isDeepEqualTo(
            Arrays.stream(rows(matrix))
                .map(row -> Arrays.copyOfRange(row, first, first + count))
                .toArray(float[][]::new));
    assertRawRowsAreTheRows(slice);
  }

  @Test
  void columnsOfActOrderedGroupsAreDecodedAndRowsStayQuantized() {
    try (ModelFiles files = ModelFormats.open(ModelResources.tiny("tiny-llama-gptq"))) {
      for (ModelFiles shard : shards(files, 2)) {
        String layer = "model.layers.1.mlp.";
        assertThat(shard.tensor(layer + "down_proj.weight")).isNotInstanceOf(QuantizedTensor.class);
        assertThat(shard.tensor(layer + "up_proj.weight")).isInstanceOf(QuantizedTensor.class);
      }
    }
  }

  private static List<ModelFiles> shards(ModelFiles files, int degree) {
    return IntStream.range(0, degree)
        .mapToObj(rank -> new ModelShard(files.config(), rank, degree))
        .<ModelFiles>map(shard -> new ShardedModelFiles(files, shard))
        .toList();
  }

  private void assertRawRowsAreTheRows(Tensor tensor) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int row = 0; row < tensor.rows(); row++) {
      ByteBuffer raw = tensor.rawRow(row);
      assertThat(raw.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      byte[] copy = new byte[raw.remaining()];
      raw.get(copy);
      bytes.writeBytes(copy);
    }
    Tensor decoded = decoded(tensor.type(), tensor.rows(), tensor.columns(), bytes.toByteArray());
    assertThat(rows(decoded)).as(tensor.name()).isDeepEqualTo(rows(tensor));
  }

  private Tensor decoded(TensorType type, int rows, int columns, byte[] bytes) throws IOException {
    Path file = Files.write(Files.createTempFile(temporary, "rows", ".bin"), bytes);
    List<Long> shape = List.of((long) rows, (long) columns);
    return MappedTensor.of(
        new StoredTensor(MappedFile.open(file), "rows", type, shape, 0),
        new TensorShape("rows", rows, columns),
        RowOrder.AS_STORED);
  }

  /** Read together, and the same one by one. */
  private static float[][] rows(Tensor tensor) {
    int columns = tensor.columns();
    float[] all = new float[tensor.rows() * columns + 1];
    tensor.readRows(0, tensor.rows(), all, 1);
    float[][] rows = new float[tensor.rows()][columns];
    for (int row = 0; row < rows.length; row++) {
      tensor.readRows(row, 1, rows[row], 0);
      int start = 1 + row * columns;
      assertThat(rows[row]).isEqualTo(Arrays.copyOfRange(all, start, start + columns));
    }
    return rows;
  }

  private static float[][] stackedRows(List<float[][]> parts) {
    return parts.stream().flatMap(Arrays::stream).toArray(float[][]::new);
  }

  private static float[][] stackedColumns(List<float[][]> parts) {
    int columns = parts.get(0)[0].length;
    float[][] stacked = new float[parts.get(0).length][parts.size() * columns];
    for (int part = 0; part < parts.size(); part++) {
      for (int row = 0; row < stacked.length; row++) {
        System.arraycopy(parts.get(part)[row], 0, stacked[row], part * columns, columns);
      }
    }
    return stacked;
  }
}
