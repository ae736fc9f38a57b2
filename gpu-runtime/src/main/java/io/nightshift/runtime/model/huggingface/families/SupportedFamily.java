package io.nightshift.runtime.model.huggingface.families;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The families of models in Hugging Face folders, and what they are called in {@code config.json}.
 * The command {@code models} and {@code docs/models.md} print this list.
 */
public enum SupportedFamily {
  LLAMA(
      "Llama 2, 3",
      "SmolLM2 and other models of the same architecture included.",
      new LlamaReader(),
      Map.of("llama", "LlamaForCausalLM"),
      "meta-llama/Llama-3.1-8B-Instruct, HuggingFaceTB/SmolLM2-1.7B-Instruct",
      "llama"),
  MISTRAL(
      "Mistral",
      "A sliding window in all layers or in none.",
      new MistralReader(),
      Map.of("mistral", "MistralForCausalLM"),
      "mistralai/Mistral-7B-Instruct-v0.3",
      "llama"),
  QWEN2(
      "Qwen2, Qwen2.5",
      "Sliding windows in some layers included.",
      new Qwen2Reader(),
      Map.of("qwen2", "Qwen2ForCausalLM"),
      "Qwen/Qwen2.5-7B-Instruct",
      "qwen2"),
  QWEN3(
      "Qwen3",
      "Sliding windows in some layers included.",
      new Qwen3Reader(),
      Map.of("qwen3", "Qwen3ForCausalLM"),
      "Qwen/Qwen3-8B",
      "qwen3"),
  GEMMA2(
      "Gemma 2",
      "Capped scores and logits, a sliding window in every other layer.",
      new Gemma2Reader(),
      Map.of("gemma2", "Gemma2ForCausalLM"),
      "google/gemma-2-9b-it",
      "gemma2"),
  GEMMA3(
      "Gemma 3",
      "Of folders with images (gemma3), the language model is used; the rest is left out, and the"
          + " log says so.",
      new Gemma3Reader(),
      Map.of("gemma3_text", "Gemma3ForCausalLM", "gemma3", "Gemma3ForConditionalGeneration"),
      "google/gemma-3-1b-it, google/gemma-3-4b-it (text)",
      "gemma3"),
  PHI3(
      "Phi-3, Phi-3.5, Phi-4",
      "Their mini forms, with LongRoPE and partial rotation, included.",
      new Phi3Reader(),
      Map.of("phi3", "Phi3ForCausalLM"),
      "microsoft/phi-4, microsoft/Phi-4-mini-instruct",
      "phi3"),
  GRANITE(
      "Granite 3",
      "Constant factors of embeddings, scores, residuals and logits.",
      new GraniteReader(),
      Map.of("granite", "GraniteForCausalLM"),
      "ibm-granite/granite-3.3-8b-instruct",
      "granite"),
  GRANITE4(
      "Granite 4, dense",
      "Only models without Mamba layers and without experts; rotary embedding or none.",
      new Granite4Reader(),
      Map.of("granitemoehybrid", "GraniteMoeHybridForCausalLM"),
      "ibm-granite/granite-4.0-micro",
      ""),
  OLMO2(
      "OLMo 2",
      "Norms behind the parts of a layer.",
      new Olmo2Reader(),
      Map.of("olmo2", "Olmo2ForCausalLM"),
      "allenai/OLMo-2-1124-7B-Instruct",
      "olmo2"),
  SMOLLM3(
      "SmolLM3",
      "Layers without rotary embedding.",
      new SmolLm3Reader(),
      Map.of("smollm3", "SmolLM3ForCausalLM"),
      "HuggingFaceTB/SmolLM3-3B",
      "smollm3"),
  MIXTRAL(
      "Mixtral",
      "Experts one by one, or stacked as transformers 5 may save them.",
      new MixtralReader(),
      Map.of("mixtral", "MixtralForCausalLM"),
      "mistralai/Mixtral-8x7B-Instruct-v0.1",
      "llama"),
  QWEN3_MOE(
      "Qwen3 with experts",
      "Layers without experts included; experts one by one or stacked.",
      new Qwen3MoeReader(),
      Map.of("qwen3_moe", "Qwen3MoeForCausalLM"),
      "Qwen/Qwen3-30B-A3B",
      "qwen3moe"),
  GPT_OSS(
      "gpt-oss",
      "Experts in MXFP4, widened when they are loaded, or as plain numbers.",
      new GptOssReader(),
      Map.of("gpt_oss", "GptOssForCausalLM"),
      "openai/gpt-oss-20b",
      "gpt-oss");

  private final String title;
  private final String note;
  private final FamilyReader reader;
  private final Map<String, String> architectures;
  private final String checkpoints;
  private final String ggufArchitecture;

  /**
   * @param note what is included, left out or special, as a sentence
   * @param architectures name of the language model's class for each {@code model_type}
   * @param ggufArchitecture {@code general.architecture} of GGUF files; empty if they are not read
   */
  SupportedFamily(
      String title,
      String note,
      FamilyReader reader,
      Map<String, String> architectures,
      String checkpoints,
      String ggufArchitecture) {
    this.title = title;
    this.note = note;
    this.reader = reader;
    this.architectures = new TreeMap<>(architectures);
    this.checkpoints = checkpoints;
    this.ggufArchitecture = ggufArchitecture;
  }

  /** What the family is called. */
  public String title() {
    return title;
  }

  /** What is included, left out or special, as a sentence. */
  public String note() {
    return note;
  }

  /** Values of {@code model_type} in {@code config.json}, in alphabetical order. */
  public List<String> modelTypes() {
    return List.copyOf(architectures.keySet());
  }

  /** Names of example checkpoints on the hub. */
  public String checkpoints() {
    return checkpoints;
  }

  /** {@code general.architecture} of the family's GGUF files, if these can be read. */
  public Optional<String> ggufArchitecture() {
    return ggufArchitecture.isEmpty() ? Optional.empty() : Optional.of(ggufArchitecture);
  }

  /** Keys of {@code config.json} that are honored, besides those that are for every family. */
  public List<String> ownKeys() {
    return reader.keys().own();
  }

  /** Keys of {@code config.json} that are honored for every family. */
  public static List<String> commonKeys() {
    return ConfigKeys.common();
  }

  FamilyReader reader() {
    return reader;
  }

  /** The class of the language model, as {@code architectures} names it. */
  String architecture(String modelType) {
    return requireNonNull(architectures.get(modelType), modelType);
  }
}
