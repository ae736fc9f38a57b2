package io.nightshift.runtime.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.DamagedFile;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TokenizerJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HuggingFaceModelFilesTest {
  private static final String LAST_SHARD = "model-00003-of-00003.safetensors";

  @TempDir private Path temporary;

  @Test
  void passesTheTokenizerThrough() {
    ModelFolder folder = copyOf("tiny-llama").write("tokenizer.json", "{\"größer\": 1}");
    try (ModelFiles model = HuggingFaceModelFiles.open(folder.path())) {
      assertThat(((TokenizerJson) model.tokenizerSource()).json()).isEqualTo("{\"größer\": 1}");
    }
  }

  @Test
  void readsWhatTheConfigurationSaysOfTheTokenizer() {
    ModelFolder folder =
        copyOf("tiny-llama").edit("tokenizer_config.json", json -> json.put("add_bos_token", true));
    try (ModelFiles model = HuggingFaceModelFiles.open(folder.path())) {
      TokenizerJson tokenizer = (TokenizerJson) model.tokenizerSource();
      assertThat(tokenizer.addBos()).contains(true);
      assertThat(tokenizer.specialTokens()).containsEntry("bos_token", "<|begin|>");
      assertThat(tokenizer.endOfTurn()).contains("<|end|>");
    }
  }

  /** As models for embeddings are saved. */
  @Test
  void readsABaseModelWithoutOutputProjection() {
    ModelFolder folder =
        copyOf("tiny-qwen3")
            .toBaseModel()
            .edit("config.json", json -> json.putArray("architectures").add("Qwen3Model"));
    try (ModelFiles whole =
            HuggingFaceModelFiles.open(
                ModelFolder.copyOf("tiny-qwen3", temporary.resolve("whole")).path());
        ModelFiles base = HuggingFaceModelFiles.open(folder.path())) {
      assertThat(whole.hasOutputProjection()).isTrue();
      assertThat(base.hasOutputProjection()).isFalse();
      assertThat(base.config()).isEqualTo(whole.config().withTiedEmbeddings());
      for (String name : List.of("model.embed_tokens.weight", "model.norm.weight")) {
        float[] expected = new float[whole.tensor(name).columns()];
        float[] read = new float[expected.length];
        whole.tensor(name).readRows(0, 1, expected, 0);
        base.tensor(name).readRows(0, 1, read, 0);
        assertThat(read).isEqualTo(expected);
      }
    }
  }

  @Test
  void namesOfABaseModelMayHaveTheirPrefix() {
    ModelFolder folder =
        copyOf("tiny-olmo2").renameTensors(name -> name.equals("lm_head.weight") ? "" : name);
    try (ModelFiles base = HuggingFaceModelFiles.open(folder.path())) {
      assertThat(base.hasOutputProjection()).isFalse();
    }
  }

  @Test
  void aBaseModelWithTiedEmbeddingsHasLogits() {
    try (ModelFiles base = HuggingFaceModelFiles.open(copyOf("tiny-qwen2").toBaseModel().path())) {
      assertThat(base.hasOutputProjection()).isTrue();
    }
  }

  @Test
  void prefersTheTemplateInAFileOfItsOwn() {
    ModelFolder folder =
        copyOf("tiny-llama")
            .write("chat_template.jinja", "{{ own }}")
            .edit("tokenizer_config.json", json -> json.put("chat_template", "{{ other }}"));
    assertThat(templateOf(folder).orElseThrow().source()).isEqualTo("{{ own }}");
  }

  @Test
  void readsATemplateThatIsAString() {
    ModelFolder folder =
        copyOf("tiny-llama")
            .delete("chat_template.jinja")
            .edit("tokenizer_config.json", json -> json.put("chat_template", "{{ string }}"));
    assertThat(templateOf(folder).orElseThrow().source()).isEqualTo("{{ string }}");
  }

  @Test
  void readsTheDefaultOfNamedTemplates() {
    ModelFolder folder = withNamedTemplate("default");
    assertThat(templateOf(folder).orElseThrow().source()).isEqualTo("{{ named }}");
  }

  @Test
  void refusesNamedTemplatesWithoutADefault() {
    ModelFolder folder = withNamedTemplate("rag");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> HuggingFaceModelFiles.open(folder.path()))
        .withMessageContaining("tokenizer_config.json: chat_template: has several templates");
  }

  @Test
  void hasNoTemplateWhereTheFolderHasNone() {
    assertThat(templateOf(copyOf("tiny-llama").delete("chat_template.jinja"))).isEmpty();
  }

  @Test
  void readsSpecialTokensAsStringObjectOrFromTheOldMap() {
    ModelFolder folder =
        copyOf("tiny-llama")
            .edit(
                "tokenizer_config.json",
                json -> {
                  json.putObject("bos_token").put("content", "<s>").put("lstrip", false);
                  json.putNull("pad_token");
                  json.remove("unk_token");
                })
            .write("special_tokens_map.json", "{\"unk_token\": {\"content\": \"<unk>\"}}");
    assertThat(templateOf(folder).orElseThrow().specialTokens())
        .isEqualTo(Map.of("bos_token", "<s>", "eos_token", "<|end|>", "unk_token", "<unk>"));
  }

  @Test
  void ignoresTensorsThatFollowFromTheConfiguration() {
    ModelFolder folder =
        copyOf("tiny-mistral").edit("config.json", json -> json.put("tie_word_embeddings", true));
    try (ModelFiles model = HuggingFaceModelFiles.open(folder.path())) {
      assertThat(model.config().tiedEmbeddings()).isTrue();
    }
  }

  static Stream<Arguments> badFolders() {
    return Stream.of(
        bad("no config.json", f -> f.delete("config.json"), "has no config.json; expected"),
        bad("no tokenizer.json", f -> f.delete("tokenizer.json"), "has no tokenizer.json; write"),
        bad(
            "no weights",
            HuggingFaceModelFilesTest::deleteWeights,
            "has no weights, expected model.safetensors or"),
        bad(
            "pickled weights",
            f -> deleteWeights(f).write("pytorch_model.bin", "pickle"),
            "has weights as Python pickles only (pytorch_model.bin), which may run any code"),
        bad(
            "missing shard",
            f -> f.delete(LAST_SHARD),
            "index.json: weight_map: names " + LAST_SHARD + ", which is missing"),
        bad(
            "shard outside the folder",
            f -> index(f, "lm_head.weight", "../" + LAST_SHARD),
            "weight_map: \"../" + LAST_SHARD + "\" is no name of a file in the same folder"),
        bad(
            "tensor in another shard than the index says",
            f -> index(f, "lm_head.weight", "model-00001-of-00003.safetensors"),
            "weight_map.lm_head.weight: is not in model-00001-of-00003.safetensors"),
        bad(
            "index without map",
            f -> f.write("model.safetensors.index.json", "{}"),
            "weight_map: is missing"),
        bad(
            "empty shard",
            f -> f.write(LAST_SHARD, ""),
            LAST_SHARD + ": header: the file has 0 bytes; is it truncated?"),
        bad(
            "truncated shard",
            f -> f.damage(LAST_SHARD, file -> file.resize(31_000)),
            "data_offsets: [0, 31776], but the file has"),
        bad(
            "shard of something else",
            f -> f.write(LAST_SHARD, "<!DOCTYPE html><html>Not found</html>"),
            LAST_SHARD + ": header: claims 5789751444030890300 bytes, the file has 37"),
        bad(
            "lying header length",
            f -> f.damage(LAST_SHARD, file -> file.putLong(0, -1)),
            "header: claims 18446744073709551615 bytes"),
        bad(
            "header that is no JSON",
            f -> f.damage(LAST_SHARD, file -> file.replace("{\"__meta", "{'__meta")),
            "is not valid JSON"),
        bad(
            "unsupported type",
            f -> inLastShard(f, "BF16", "F8XX"),
            "dtype: F8XX is not supported"),
        bad(
            "type of another size",
            f -> inLastShard(f, "\"BF16\"", "\"F32\" "),
            "lm_head.weight.data_offsets: 31776 bytes for shape [331, 48] of F32"),
        bad(
            "other shape",
            f -> inLastShard(f, "[331,48]", "[48,331]"),
            "tensor \"lm_head.weight\": has shape [48, 331], the model's configuration implies"
                + " [331, 48]"),
        bad(
            "negative extent",
            f -> inLastShard(f, "[331,48]", "[-31,48]"),
            "lm_head.weight.shape: expected an array of integers that are not negative"),
        bad(
            "bytes behind the last tensor",
            f -> f.damage(LAST_SHARD, file -> file.resize(31_900)),
            "data: the last tensor ends at byte 31896 of 31900"),
        bad(
            "missing tensor",
            f -> f.edit("config.json", json -> json.put("num_hidden_layers", 4000)),
            "tensor \"model.layers.2.input_layernorm.weight\": is missing"),
        bad(
            "tensor without place",
            f -> f.edit("config.json", json -> json.put("num_hidden_layers", 1)),
            "tensor \"model.layers.1.input_layernorm.weight\": has no place in the model that config.json (model_type \"mistral\") describes"));
  }

  static Stream<Arguments> badParts() {
    return Stream.of(
        badPart(
            "tiny-mixtral",
            "num_local_experts",
            6,
            "\"model.layers.0.block_sparse_moe.gate.weight\": has shape [5, 40]"),
        badPart(
            "tiny-mixtral",
            "intermediate_size",
            24,
            "\"model.layers.0.block_sparse_moe.experts.0.w1.weight\": has shape [16, 40]"),
        badPart(
            "tiny-qwen3-moe",
            "num_local_experts",
            7,
            "\"model.layers.0.mlp.gate.weight\": has shape [6, 40]"),
        badPart(
            "tiny-qwen3-moe",
            "decoder_sparse_step",
            2,
            "\"model.layers.0.mlp.gate_proj.weight\": is missing"),
        badPart(
            "tiny-gpt-oss",
            "intermediate_size",
            32,
            "\"model.layers.0.mlp.experts.gate_up_proj\": has shape [5, 48, 48]"),
        badPart(
            "tiny-gpt-oss-mxfp4",
            "intermediate_size",
            64,
            "\"model.layers.0.mlp.experts.gate_up_proj_blocks\": has shape [5, 64, 2, 16]"),
        badPart(
            "tiny-phi3",
            "num_key_value_heads",
            1,
            "\"model.layers.0.self_attn.qkv_proj.weight\": has shape [96, 48]"),
        badPart(
            "tiny-phi3",
            "intermediate_size",
            57,
            "\"model.layers.0.mlp.gate_up_proj.weight\": has shape [112, 48]"),
        badPart(
            "tiny-gemma3",
            "head_dim",
            8,
            "\"model.layers.0.self_attn.q_proj.weight\": has shape [48, 24]"));
  }

  private static Arguments badPart(String model, String key, int value, String problem) {
    return arguments(model, key, value, problem);
  }

  /** Also where several tensors are stored as one. */
  @ParameterizedTest
  @MethodSource("badParts")
  void namesTheStoredTensorThatContradicts(String model, String key, int value, String problem) {
    ModelFolder folder = copyOf(model).edit("config.json", json -> json.put(key, value));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> HuggingFaceModelFiles.open(folder.path()))
        .withMessageStartingWith(folder.path().toString())
        .withMessageContaining("tensor \"")
        .withMessageContaining(problem);
  }

  private static Arguments bad(String name, Consumer<ModelFolder> damage, String problem) {
    return arguments(name, damage, problem);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFolders")
  void namesFilePlaceAndProblem(String name, Consumer<ModelFolder> damage, String problem) {
    ModelFolder folder = copyOf("tiny-mistral");
    damage.accept(folder);
    assertThatExceptionOfType(ModelFormatException.class)
        .as(name)
        .isThrownBy(() -> HuggingFaceModelFiles.open(folder.path()))
        .withMessageStartingWith(folder.path().toString())
        .withMessageContaining(problem);
  }

  private static ModelFolder deleteWeights(ModelFolder folder) {
    return folder
        .delete("model.safetensors.index.json")
        .delete("model-00001-of-00003.safetensors")
        .delete("model-00002-of-00003.safetensors")
        .delete(LAST_SHARD);
  }

  private static void index(ModelFolder folder, String tensor, String shard) {
    folder.edit(
        "model.safetensors.index.json", json -> json.withObject("/weight_map").put(tensor, shard));
  }

  private static void inLastShard(ModelFolder folder, String text, String replacement) {
    folder.damage(LAST_SHARD, (DamagedFile file) -> file.replace(text, replacement));
  }

  private ModelFolder withNamedTemplate(String name) {
    return copyOf("tiny-llama")
        .delete("chat_template.jinja")
        .edit(
            "tokenizer_config.json",
            json -> {
              json.putArray("chat_template")
                  .addObject()
                  .put("name", "tool_use")
                  .put("template", "");
              json.withArray("/chat_template")
                  .addObject()
                  .put("name", name)
                  .put("template", "{{ named }}");
            });
  }

  private static Optional<ChatTemplate> templateOf(ModelFolder folder) {
    try (ModelFiles model = HuggingFaceModelFiles.open(folder.path())) {
      return model.chatTemplate();
    }
  }

  private ModelFolder copyOf(String name) {
    return ModelFolder.copyOf(name, temporary.resolve("model"));
  }
}
