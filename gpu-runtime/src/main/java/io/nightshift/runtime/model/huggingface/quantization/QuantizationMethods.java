package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The schemes of quantized folders, by {@code quant_method}. */
public final class QuantizationMethods {
  private static final String METHOD = "quant_method";

  private static final Map<String, Function<JsonFile, QuantizationScheme>> SCHEMES =
      new TreeMap<>(
          Map.of(
              "awq", AwqScheme::new,
              "compressed-tensors", CompressedTensorsScheme::new,
              "fbgemm_fp8", FbgemmFp8Scheme::new,
              "fp8", Fp8Scheme::new,
              "gptq", GptqScheme::new,
              "mxfp4", Mxfp4Scheme::new));

  private QuantizationMethods() {}

  /** The names of the schemes that are read, in alphabetical order. */
  public static List<String> names() {
    return List.copyOf(SCHEMES.keySet());
  }

  /**
   * Reads {@code quantization_config}.
   *
   * @throws ModelFormatException if the scheme is not one of {@link #names()}, or the object says
   *     something that is not followed
   */
  public static QuantizationScheme read(JsonFile quantization) {
    String method = quantization.requiredString(METHOD);
    Function<JsonFile, QuantizationScheme> scheme = SCHEMES.get(method);
    if (scheme == null) {
      throw quantization.problem(
          METHOD,
          "\"%s\" is not supported, expected one of %s; use the model in bf16 or as GGUF"
              .formatted(method, SCHEMES.keySet()));
    }
    return scheme.apply(quantization);
  }
}
