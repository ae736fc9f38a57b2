package io.nightshift.job.cli;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.model.gguf.GgufModelFiles;
import io.nightshift.runtime.model.huggingface.families.SupportedFamily;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.text.WordUtils;

/** What is supported of which models: docs/models.md, and what the command {@code models} says. */
final class ModelsPage {
  /** Maximum length of a line, except for one long word. */
  private static final int LINE = 120;

  private static final int INDENT = 6;
  private static final int LABEL = 12;

  private ModelsPage() {}

  /** The page as Markdown. */
  static String markdown() {
    StringBuilder page = new StringBuilder("# Models\n");
    paragraph(
        page,
        "Generated from the code; ModelsPageTest fails if it is out of date and says how to"
            + " regenerate it. `nightshift models` prints the families with their keys,"
            + " `nightshift models qwen3` one of them.");
    page.append(
        "\n## Families\n\n| family | `model_type` | GGUF architecture |\n| --- | --- | --- |\n");
    for (SupportedFamily family : SupportedFamily.values()) {
      page.append(
          "| %s | %s | %s |\n"
              .formatted(
                  family.title(),
                  code(family.modelTypes()),
                  code(family.ggufArchitecture().stream().toList())));
    }
    formats(page);
    QuantizedCheckpoints.append(page);
    keys(page);
    for (SupportedFamily family : SupportedFamily.values()) {
      page.append("\n### ").append(family.title()).append('\n');
      paragraph(page, "For instance " + family.checkpoints() + ". " + family.note());
      paragraph(page, "Further keys: " + code(family.ownKeys()) + ".");
    }
    rotaryEmbedding(page);
    refused(page);
    return page.toString();
  }

  private static void formats(StringBuilder page) {
    page.append("\n## Formats\n");
    paragraph(
        page,
        "A Hugging Face folder with `config.json`, `tokenizer.json` and `model.safetensors` or"
            + " its shards, in f32, f16 or bf16, or quantized (see below); or a GGUF file with tensors of the types "
            + lowerCase(GgufModelFiles.tensorTypes())
            + ". Weights are computed with in "
            + lowerCase(Arrays.asList(DataType.values()))
            + " (`model.dtype`); devices are "
            + lowerCase(Arrays.asList(Device.values()))
            + ".");
  }

  private static void keys(StringBuilder page) {
    page.append("\n## Keys of `config.json`\n");
    paragraph(
        page,
        "Keys that every family honors: "
            + code(SupportedFamily.commonKeys())
            + ". Absent keys have the default of the family's configuration class in Hugging Face"
            + " transformers. The layout of version 4 (`rope_theta`, `rope_scaling`) and that of"
            + " version 5 (`rope_parameters`) are read.");
    paragraph(
        page,
        "Any other key is refused by name, since it may change what the model computes, unless"
            + " its value is null or the one with which it changes nothing (`logits_scaling: 1`),"
            + " or it is known to have no effect: the origin of the model, its training"
            + " (`initializer_range`, any `*dropout`), how transformers runs it (`use_cache`,"
            + " `torch_dtype`), settings of generation (`temperature`), and ids of special tokens"
            + " (`*_token_id`). `auto_map` names Python code, which is never run: a model is what"
            + " `model_type` and `architectures` say, and these must agree.");
  }

  private static void rotaryEmbedding(StringBuilder page) {
    page.append("\n## Rotary embedding\n");
    paragraph(
        page,
        "`rope_type` may be `default`, `linear`, `llama3`, `yarn`, `longrope` (also as `su`) or"
            + " `dynamic`.");
    List<String> rules =
        List.of(
            "What `rope_parameters` and the keys of version 4 both say must be the same; a"
                + " contradiction is refused.",
            "`dynamic` changes nothing up to `max_position_embeddings`, which is the longest"
                + " context that is accepted.",
            "`yarn`: `factor` counts, as in transformers 5, not the ratio of"
                + " `max_position_embeddings` to `original_max_position_embeddings`. The longest"
                + " context is the larger of `max_position_embeddings` and `factor` times"
                + " `original_max_position_embeddings`.",
            "`longrope` has other frequencies for sequences of more than"
                + " `original_max_position_embeddings` tokens. The longest length that a sequence"
                + " may reach decides, prompt and output together, from its first token on:"
                + " transformers decides by the length so far, and keeps the cache of the other"
                + " frequencies when it changes.",
            "Only Phi rotates a part of each head (`partial_rotary_factor`), and only Gemma 3 has"
                + " parameters of their own for layers with a sliding window"
                + " (`rope_local_base_freq`, or `rope_parameters` by type of layer).");
    for (String rule : rules) {
      page.append('\n').append(indented("- ", rule));
    }
    page.append('\n');
  }

  private static void refused(StringBuilder page) {
    page.append("\n## What is refused\n");
    paragraph(page, "All of this is refused before weights are read, with the key and the file:");
    List<String> cases =
        List.of(
            "other `model_type`s; `architectures` that is neither the family's language model nor its"
                + " base model, such as a sequence classifier. A base model (`Qwen3Model`), and"
                + " weights without an output projection, are for embeddings only;",
            "attention that is not causal (`is_causal`, `use_bidirectional_attention`);",
            "another activation than the family's; another norm; biases where the family has none;",
            "a `quantization_config` with another `quant_method` or format than those above, or that"
                + " the weights contradict;",
            "models of images or sound, except for the language model of Gemma 3;",
            "Mamba layers; experts that all tokens share.");
    for (String text : cases) {
      page.append('\n').append(indented("- ", text));
    }
    page.append('\n');
    paragraph(
        page,
        "A tensor that is missing, that has another shape than the configuration implies, or that"
            + " has no place in the model is refused as well.");
  }

  /** The families as lines for a terminal, a block each. */
  static String terminal() {
    StringBuilder text = new StringBuilder();
    for (SupportedFamily family : SupportedFamily.values()) {
      text.append(terminal(family));
    }
    text.append("  all families\n");
    line(text, "keys", String.join(", ", SupportedFamily.commonKeys()));
    return text.toString();
  }

  /** The block of one family. */
  static String terminal(SupportedFamily family) {
    StringBuilder text = new StringBuilder();
    text.append("  ").append(family.title()).append('\n');
    line(text, "model_type", String.join(", ", family.modelTypes()));
    family.ggufArchitecture().ifPresent(name -> line(text, "GGUF", name));
    line(text, "examples", family.checkpoints());
    line(text, "keys", String.join(", ", family.ownKeys()));
    line(text, "note", family.note());
    return text.toString();
  }

  private static void line(StringBuilder text, String label, String value) {
    String margin = " ".repeat(INDENT + LABEL);
    text.append(" ".repeat(INDENT))
        .append(label)
        .append(" ".repeat(LABEL - label.length()))
        .append(WordUtils.wrap(value, LINE - margin.length(), "\n" + margin, false))
        .append('\n');
  }

  static String lowerCase(Collection<?> values) {
    return values.stream()
        .map(value -> value.toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  static String code(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  static void paragraph(StringBuilder page, String text) {
    page.append('\n').append(WordUtils.wrap(text, LINE, "\n", false)).append('\n');
  }

  static String indented(String bullet, String text) {
    return bullet
        + WordUtils.wrap(text, LINE - bullet.length(), "\n" + " ".repeat(bullet.length()), false);
  }
}
