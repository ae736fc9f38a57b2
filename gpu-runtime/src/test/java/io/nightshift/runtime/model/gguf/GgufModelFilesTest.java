package io.nightshift.runtime.model.gguf;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.DamagedFile;
import io.nightshift.runtime.model.EditedGguf;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.random.ModelShape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufModelFilesTest {

  @Test
  void readsTheConfigurationOfARealModel() {
    try (ModelFiles model = GgufModelFiles.open(RealModel.smolLm2())) {
      assertThat(model.config())
          .isEqualTo(
              ModelShape.llama(
                  30,
                  576,
                  AttentionConfig.plain(9, 3, 64),
                  1536,
                  49152,
                  8192,
                  RopeConfig.unscaled(100_000, 64),
                  true,
                  Set.of(2)));
    }
  }

  @Test
  void readsTheVocabularyAndChatTemplateOfARealModel() {
    try (ModelFiles model = GgufModelFiles.open(RealModel.smolLm2())) {
      GgufVocabulary vocabulary = (GgufVocabulary) model.tokenizerSource();
      assertThat(vocabulary.model()).isEqualTo("gpt2");
      assertThat(vocabulary.pre()).isEqualTo("smollm");
      assertThat(vocabulary.tokens())
          .hasSize(49152)
          .startsWith("<|endoftext|>", "<|im_start|>", "<|im_end|>");
      assertThat(vocabulary.tokenTypes()).hasSize(49152).startsWith(3, 3, 3);
      assertThat(vocabulary.scores()).isEmpty();
      assertThat(vocabulary.merges()).hasSize(48900).startsWith("Ġ t", "Ġ a", "i n");
      assertThat(vocabulary.bos()).isEqualTo(OptionalInt.of(1));
      assertThat(vocabulary.eos()).isEqualTo(OptionalInt.of(2));
      assertThat(vocabulary.unknown()).isEqualTo(OptionalInt.of(0));
      assertThat(vocabulary.padding()).isEqualTo(OptionalInt.of(2));
      assertThat(vocabulary.addBos()).contains(false);
      assertThat(vocabulary.endOfTurn()).contains("<|im_end|>");
      assertThat(vocabulary.addSpacePrefix()).isFalse();
      assertThat(model.chatTemplate().orElseThrow().source())
          .contains("You are a helpful AI assistant named SmolLM");
      assertThat(model.chatTemplate().orElseThrow().specialTokens())
          .containsEntry("eos_token", "<|im_end|>")
          .containsEntry("bos_token", "<|im_start|>");
    }
  }

  @Test
  void endsATurnAtAWellKnownTokenWhereTheMetadataNameNone(@TempDir Path folder) {
    Path path =
        DamagedFile.copyOf(ModelResources.tiny("tiny-llama.gguf"))
            .replace("tokenizer.ggml.eos_token_id", "tokenizer.ggml.xxx_token_id")
            .write(folder.resolve("model.gguf"));
    try (ModelFiles model = GgufModelFiles.open(path)) {
      assertThat(((GgufVocabulary) model.tokenizerSource()).tokens().get(1)).isEqualTo("<|end|>");
      assertThat(model.config().endOfSequenceTokens()).containsExactly(1);
    }
  }

  /** Ids in an order that no hash has. */
  @Test
  void keepsTheOrderOfTheTokensThatEndAGeneration(@TempDir Path folder) {
    EditedGguf file = EditedGguf.copyOf(ModelResources.tiny("tiny-llama.gguf"));
    file.put("tokenizer.ggml.eos_token_id", 200)
        .put("tokenizer.ggml.eot_token_id", 300)
        .put("tokenizer.ggml.eom_token_id", 17);
    try (ModelFiles model = GgufModelFiles.open(file.write(folder.resolve("model.gguf")))) {
      assertThat(model.config().endOfSequenceTokens()).containsExactly(200, 300, 17, 1);
      GgufVocabulary vocabulary = (GgufVocabulary) model.tokenizerSource();
      assertThat(vocabulary.endOfTurn()).contains(vocabulary.tokens().get(300));
    }
  }

  @Test
  void aModelNeedNotNameTokensThatEndAGeneration(@TempDir Path folder) {
    int[] types = new int[331];
    Arrays.fill(types, 1);
    EditedGguf file = EditedGguf.copyOf(ModelResources.tiny("tiny-llama.gguf"));
    file.remove("tokenizer.ggml.eos_token_id").put("tokenizer.ggml.token_type", types);
    try (ModelFiles model = GgufModelFiles.open(file.write(folder.resolve("model.gguf")))) {
      assertThat(model.config().endOfSequenceTokens()).isEmpty();
      assertThat(model.tokenizerSource().endOfTurn()).isEmpty();
    }
  }

  /** As in llama.cpp, linear scaling comes on top of the divisors that a tensor holds. */
  @Test
  void scalesFrequencyFactors(@TempDir Path folder) {
    Path plain = ModelResources.tiny("tiny-llama-rope-scaling.gguf");
    EditedGguf file = EditedGguf.copyOf(plain).put("llama.rope.scale_linear", 4f);
    try (ModelFiles model = GgufModelFiles.open(plain);
        ModelFiles scaled = GgufModelFiles.open(file.write(folder.resolve("model.gguf")))) {
      assertThat(scaled.config().layers().get(0).rope().orElseThrow().frequencyFactors())
          .isEqualTo(
              model.config().layers().get(0).rope().orElseThrow().frequencyFactors().stream()
                  .map(factor -> factor * 4)
                  .toList());
    }
  }

  @Test
  void readsASlidingWindow(@TempDir Path folder) {
    Path path =
        DamagedFile.copyOf(ModelResources.tiny("tiny-llama.gguf"))
            .addGgufPair("llama.attention.sliding_window", 512)
            .write(folder.resolve("model.gguf"));
    try (ModelFiles model = GgufModelFiles.open(path)) {
      assertThat(model.config().layers().get(0).slidingWindow()).isEqualTo(512);
    }
  }

  /** The goldens are transformers' weights; see {@code smollm2_tensor_goldens.py}. */
  @Test
  void readsTheRowsOfARealModelAsTransformersHasThem() throws IOException {
    try (ModelFiles model = GgufModelFiles.open(RealModel.smolLm2());
        InputStream stream =
            requireNonNull(getClass().getResourceAsStream("/goldens/smollm2/tensors.json"))) {
      for (JsonNode golden : new JsonMapper().readTree(stream)) {
        String name = golden.path("tensor").asText();
        int row = golden.path("row").asInt();
        ByteBuffer expected =
            ByteBuffer.wrap(golden.path("values").binaryValue()).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[model.tensor(name).columns()];
        model.tensor(name).readRows(row, 1, values, 0);
        assertThat(expected.asFloatBuffer())
            .as("row %d of %s", row, name)
            .isEqualTo(FloatBuffer.wrap(values));
      }
    }
  }

  @Test
  void readsEveryTensorOfARealModel() {
    try (ModelFiles model = GgufModelFiles.open(RealModel.smolLm2())) {
      assertThat(model.tensor("model.embed_tokens.weight").type()).isEqualTo(TensorType.Q8_0);
      assertThat(model.tensor("model.layers.29.mlp.down_proj.weight").type())
          .isEqualTo(TensorType.Q4_1);
      TensorShape.impliedBy(model.config())
          .forEach(
              shape -> {
                Tensor tensor = model.tensor(shape.name());
                float[] values = new float[shape.rows() * shape.columns()];
                tensor.readRows(0, shape.rows(), values, 0);
                assertThat(tensor.name()).isEqualTo(shape.name());
                for (float value : values) {
                  if (!(Math.abs(value) < 1000)) {
                    throw new AssertionError(shape.name() + " has the value " + value);
                  }
                }
              });
    }
  }
}
