package io.nightshift.runtime.model.huggingface.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.huggingface.HuggingFaceModelFiles;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders whose quantization is not supported, or does not fit their weights. */
class QuantizedBadInputTest {
  private static final String GPTQ = "tiny-llama-gptq";
  private static final String AWQ = "tiny-llama-awq";
  private static final String FP8 = "tiny-llama-fp8-blocks";
  private static final String FP8_TENSORS = "tiny-qwen2-fp8";
  private static final String W4A16 = "tiny-llama-w4a16";
  private static final String ASYMMETRIC = "tiny-qwen2-w4a16-asymmetric";
  private static final String W8A8 = "tiny-llama-w8a8";
  private static final String MIXED = "tiny-qwen2-mixed";
  private static final String Q_PROJ = "model.layers.0.self_attn.q_proj.";

  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({
    "bitsandbytes",
    "hqq",
    "eetq",
    "quanto",
    "aqlm",
    "spqr",
    "torchao",
    "quark",
    "vptq",
    "modelopt"
  })
  void refusesOtherMethodsByName(String method) {
    assertRefused(
        GPTQ,
        config(json -> json.put("quant_method", method)),
        "config.json: quantization_config.quant_method: \"%s\" is not supported, expected one of"
            .formatted(method));
  }

  @ParameterizedTest
  @CsvSource({GPTQ + ", qweight", W4A16 + ", weight_packed", FP8 + ", weight_scale_inv"})
  void quantizedTensorsNeedTheConfigurationOfTheirFormat(String model, String tensor) {
    assertRefused(
        model,
        folder -> folder.edit("config.json", json -> json.remove("quantization_config")),
        tensor + "\" is of a quantized layer, but config.json has no quantization_config");
  }

  static Stream<Arguments> badConfigurations() {
    return Stream.of(
        bad(GPTQ, json -> json.put("bits", 3), "bits: 3 is not supported, expected 4 or 8"),
        bad(GPTQ, json -> json.put("bits", 8), "q_proj.qweight\": has shape [8, 64], expected [16"),
        bad(GPTQ, json -> json.put("group_size", 16), "q_proj.scales\": has shape [2, 64], exp"),
        bad(GPTQ, json -> json.put("group_size", 0), "group_size: 0, expected a positive number"),
        bad(GPTQ, json -> json.remove("group_size"), "group_size: is missing"),
        bad(GPTQ, json -> json.put("checkpoint_format", "marlin"), "\"marlin\" is not supported"),
        bad(
            GPTQ,
            json -> json.put("format", "gptq").put("checkpoint_format", "gptq_v2"),
            "checkpoint_format: is \"gptq_v2\", but format is \"gptq\""),
        bad(GPTQ, json -> json.put("is_marlin_format", true), "packed for Marlin are not supp"),
        bad(GPTQ, json -> json.put("rotation", "hadamard"), "rotation: is not known for gptq"),
        bad(GPTQ, json -> json.put("pack_dtype", "int64"), "pack_dtype: int64 is not supported"),
        bad(
            GPTQ,
            json -> json.putObject("dynamic").putObject("+:.*layers\\.7\\..*").put("bits", 8),
            "names no module of this model"),
        bad(
            GPTQ,
            json -> json.putObject("dynamic").putObject("-:.*layers\\.1\\..*"),
            "is quantized, and quantization_config excludes the layer"),
        bad(
            GPTQ,
            json -> json.putObject("dynamic").putObject("+:.*down_proj").put("bits", 2),
            "bits: 2 is not supported"),
        bad(AWQ, json -> json.put("version", "gemv"), "version: \"gemv\" is not supported"),
        bad(AWQ, json -> json.put("bits", 8), "bits: 8 is not supported, expected 4"),
        bad(AWQ, json -> json.put("zero_point", false), "zero_point: false is not supported"),
        bad(AWQ, json -> json.put("group_size", 64), "q_proj.scales\": has shape [2, 64], expec"),
        bad(AWQ, json -> json.put("group_size", 40), "64 columns are no whole groups of 40"),
        bad(AWQ, json -> list(json, "self_attn.q_pro(j"), "is no valid regular expression"),
        bad(FP8, json -> json.put("fmt", "e5m2"), "fmt: \"e5m2\" is not supported"),
        bad(FP8, json -> size(json, 32, 64), "_scale_inv\": has shape [1, 1], expected [2, 1]"),
        bad(FP8, json -> size(json, 0, 64), "weight_block_size: is [0,64], expected two positive"),
        bad(FP8, json -> json.put("weight_block_size", 128), "expected [rows, columns]"),
        bad(
            FP8,
            json -> list(json, "lm_head", "model.layers.12.mlp.gate_proj"),
            "\"model.layers.12.mlp.gate_proj\" names no module of this model"),
        bad(FP8, json -> list(json, "model.layers.1.mlp"), "quantization_config excludes the lay"),
        bad(
            FP8_TENSORS,
            json -> json.put("quant_method", "fbgemm_fp8").remove("activation_scheme"),
            "ignored_layers: is not known for fbgemm_fp8"),
        bad(W4A16, json -> weights(json).put("num_bits", 3), "num_bits: 3 is not supported"),
        bad(W4A16, json -> weights(json).put("group_size", 64), "has shape [64, 2], expected"),
        bad(
            W4A16,
            json -> weights(json).put("group_size", 40),
            "40 does not divide the 64 columns"),
        bad(W4A16, json -> weights(json).put("actorder", "sideways"), "\"sideways\" is not suppor"),
        bad(W4A16, json -> weights(json).put("actorder", "group"), "g_idx\": is missing, and acto"),
        bad(W4A16, json -> weights(json).put("dynamic", true), "dynamic: true is not supported"),
        bad(W4A16, json -> weights(json).put("symmetric", false), "zero_point\": is missing"),
        bad(W4A16, json -> weights(json).put("type", "float"), "float is not supported in pack-"),
        bad(W4A16, json -> weights(json).put("strategy", "token"), "\"token\" is not supported"),
        bad(ASYMMETRIC, json -> weights(json).put("symmetric", true), "has no place in the model"),
        bad(W4A16, json -> group(json).put("format", "marlin-24"), "\"marlin-24\" is not supp"),
        bad(
            W4A16,
            json -> json.put("quantization_status", "calibration"),
            "\"calibration\" is not"),
        bad(
            W4A16,
            json -> json.putObject("sparsity_config").put("format", "sparse-24-bitmask"),
            "sparse weights are not read"),
        bad(
            W4A16,
            json -> json.putObject("transform_config").putObject("config_groups"),
            "transform_config: is not supported"),
        bad(
            W4A16,
            json -> ((ArrayNode) json.get("ignore")).add("re:.*experts.*"),
            "\"re:.*experts.*\" names no module"),
        bad(
            W4A16,
            json -> ((ArrayNode) json.get("ignore")).add("re:.*layers.1.mlp.*"),
            "quantization_config excludes the layer"),
        bad(
            MIXED,
            json -> group(json).putArray("targets").add("re:.*out_proj$"),
            "\"re:.*out_proj$\" names no module"),
        bad(W8A8, json -> group(json).put("format", "float-quantized"), "the format implies flo"),
        bad(
            W8A8,
            json -> weights(json).put("strategy", "tensor"),
            "q_proj.weight_scale\": has shape [64, 1], expected [1, 1]"));
  }

  @ParameterizedTest
  @MethodSource("badConfigurations")
  void namesFileKeyAndProblem(String model, Consumer<ObjectNode> change, String problem) {
    assertRefused(model, config(change), problem);
  }

  static Stream<Arguments> missingTensors() {
    return Stream.of(
        arguments(GPTQ, "qweight"),
        arguments(GPTQ, "qzeros"),
        arguments(GPTQ, "scales"),
        arguments(GPTQ, "g_idx"),
        arguments(AWQ, "qzeros"),
        arguments(FP8, "weight_scale_inv"),
        arguments(W4A16, "weight_packed"),
        arguments(W4A16, "weight_scale"),
        arguments(W4A16, "weight_shape"),
        arguments(ASYMMETRIC, "weight_zero_point"));
  }

  @ParameterizedTest
  @MethodSource("missingTensors")
  void namesAMissingTensor(String model, String tensor) {
    assertRefused(
        model,
        folder -> folder.renameTensors(name -> name.equals(Q_PROJ + tensor) ? "" : name),
        Q_PROJ);
  }

  /** Plain weights in one layer, which the list does not name. */
  @Test
  void aLayerThatIsNotQuantizedMustBeExcluded() {
    assertRefused(
        "tiny-llama-fbgemm-fp8",
        config(json -> list(json, "lm_head")),
        "q_proj.weight\": is not quantized, and quantization_config does not exclude the layer");
  }

  /** Its name alone does not make it the weights of a model for embeddings. */
  @Test
  void aQuantizedOutputProjectionIsOne() {
    assertRefused(
        GPTQ,
        folder ->
            folder.renameTensors(name -> name.equals("lm_head.weight") ? "lm_head.qweight" : name),
        "tensor \"lm_head.qweight\"");
  }

  @Test
  void listsMayNameWhatIsLeftOut() {
    ModelFolder folder = copyOf(FP8);
    config(json -> list(json, "lm_head", "visual", "model.vision_tower")).accept(folder);
    try (ModelFiles files = HuggingFaceModelFiles.open(folder.path())) {
      assertThat(files.quantization()).isPresent();
    }
  }

  /** Scales in f16: 64 columns of them, one for each row of the matrix. */
  @ParameterizedTest
  @CsvSource({"0x7c00, Infinity", "0x7e00, NaN"})
  void scalesThatAreNotFiniteAreRefusedWhenTheyAreRead(String bits, String value) {
    ModelFolder folder = copyOf(GPTQ).putElement(Q_PROJ + "scales", 64 + 5, Integer.decode(bits));
    try (ModelFiles files = HuggingFaceModelFiles.open(folder.path())) {
      Tensor tensor = files.tensor(Q_PROJ + "weight");
      float[] row = new float[tensor.columns()];
      tensor.readRows(4, 1, row, 0);
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> tensor.readRows(5, 1, row, 0))
          .withMessageContaining(Q_PROJ + "weight: the scale of row 5, group 1 is " + value);
    }
  }

  private void assertRefused(String model, Consumer<ModelFolder> change, String problem) {
    ModelFolder folder = copyOf(model);
    change.accept(folder);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> HuggingFaceModelFiles.open(folder.path()).close())
        .withMessageStartingWith(folder.path().toString())
        .withMessageContaining(problem);
  }

  private ModelFolder copyOf(String model) {
    return ModelFolder.copyOf(model, temporary.resolve("model"));
  }

  private static Arguments bad(String model, Consumer<ObjectNode> change, String problem) {
    return arguments(model, change, problem);
  }

  private static Consumer<ModelFolder> config(Consumer<ObjectNode> change) {
    return folder ->
        folder.edit(
            "config.json", json -> change.accept((ObjectNode) json.get("quantization_config")));
  }

  private static ObjectNode group(ObjectNode quantization) {
    return (ObjectNode) quantization.get("config_groups").get("group_0");
  }

  private static ObjectNode weights(ObjectNode quantization) {
    return (ObjectNode) group(quantization).get("weights");
  }

  private static void list(ObjectNode quantization, String... modules) {
    ArrayNode list = quantization.putArray("modules_to_not_convert");
    for (String module : modules) {
      list.add(module);
    }
  }

  private static void size(ObjectNode quantization, int rows, int columns) {
    quantization.putArray("weight_block_size").add(rows).add(columns);
  }
}
