package io.nightshift.job.options;

import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The form of an answer. */
public final class AnswerOptions {
  private AnswerOptions() {}

  public static final ConfigOption<List<String>> CHOICES =
      ConfigOptions.key("answer.choices")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription(
              "Choices, one of which is the answer. They are scored exactly, with a probability"
                  + " for each; the sampling options do not apply.");

  public static final ConfigOption<Boolean> NORMALIZE_BY_LENGTH =
      ConfigOptions.key("answer.normalize-by-length")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether a choice's log probability is divided by its number of tokens before the"
                  + " choices are compared, so that long choices are not at a disadvantage. Only"
                  + " with answer.choices.");

  public static final ConfigOption<Integer> MAX_TOKENS =
      ConfigOptions.key("answer.max-tokens")
          .intType()
          .defaultValue(256)
          .withDescription(
              "Maximum number of tokens of an answer. With answer.regex or answer.json-schema, answers"
                  + " are complete all the same: at its end, only what leads to a complete answer is"
                  + " allowed. Not with answer.choices.");

  public static final ConfigOption<ReasoningMode> REASONING =
      ConfigOptions.key("answer.reasoning")
          .enumType(ReasoningMode.class)
          .defaultValue(ReasoningMode.KEEP)
          .withDescription(
              "What becomes of the reasoning of a model that thinks before it answers. keep: it"
                  + " stays in the completion. column: it goes to the column reasoning, which is"
                  + " null where the model did not think. drop: it is not written. The stop strings"
                  + " of sampling.stop, answer.regex and answer.json-schema apply to the answer only,"
                  + " unless it is kept. Not with answer.choices.");

  public static final ConfigOption<List<String>> REASONING_MARKS =
      ConfigOptions.key("answer.reasoning-marks")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription(
              "The two marks between which the model thinks, such as [\"<think>\","
                  + " \"</think>\"]. Without it: those that the model's tokenizer or chat template"
                  + " has, or the channels of gpt-oss (see [columns.md](columns.md)). With answer.regex or answer.json-schema, the first one must be a token of"
                  + " the model, or the end of every prompt. Only with answer.reasoning column or"
                  + " drop.");

  public static final ConfigOption<Integer> REASONING_MAX_TOKENS =
      ConfigOptions.key("answer.reasoning-max-tokens")
          .intType()
          .noDefaultValue()
          .withDescription(
              "Maximum number of tokens of the reasoning: then the mark at its end is appended, and"
                  + " the model continues with the answer. Without it: no limit but"
                  + " answer.max-tokens, which counts both. Only with answer.reasoning column or"
                  + " drop.");

  public static final ConfigOption<Integer> LOGPROBS =
      ConfigOptions.key("answer.logprobs")
          .intType()
          .noDefaultValue()
          .withDescription(
              "Adds the column logprobs: each output token with its log probability and this many"
                  + " of the most probable tokens at its position, 0 to 20, in the model's own"
                  + " distribution, before penalties, temperature and truncation (see"
                  + " [columns.md](columns.md)). Not with answer.choices.");

  public static final ConfigOption<String> REGEX =
      ConfigOptions.key("answer.regex")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Regular expression that the whole answer matches. Not with answer.choices.");

  public static final ConfigOption<String> JSON_SCHEMA =
      ConfigOptions.key("answer.json-schema")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "JSON Schema that every answer is valid under; the column answer has its type (see"
                  + " [columns.md](columns.md)). A map in YAML, a text that begins with {, or the"
                  + " path of a file with JSON on any of Flink's file systems. What cannot be"
                  + " enforced is refused. Not with answer.choices or answer.regex.");

  public static final ConfigOption<Pooling> EMBEDDING_POOLING =
      ConfigOptions.key("answer.embedding.pooling")
          .enumType(Pooling.class)
          .noDefaultValue()
          .withDescription(
              "Makes each answer an embedding of the prompt, in the column embedding (see"
                  + " [embeddings.md](embeddings.md)). last: the hidden state of the last token of"
                  + " the prompt. mean: the mean of those of all its tokens. Nothing is generated:"
                  + " not with another kind of answer, nor with options of the section sampling.");

  public static final ConfigOption<Boolean> EMBEDDING_NORMALIZE =
      ConfigOptions.key("answer.embedding.normalize")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether an embedding, cut to its dimensions, is divided by its Euclidean norm, so"
                  + " that inner products are cosines. Only with answer.embedding.pooling.");

  public static final ConfigOption<Integer> EMBEDDING_DIMENSIONS =
      ConfigOptions.key("answer.embedding.dimensions")
          .intType()
          .noDefaultValue()
          .withDescription(
              "Number of leading elements of the hidden state to keep, for models that were trained"
                  + " to have embeddings of several sizes (Matryoshka). Without it: all. Only with"
                  + " answer.embedding.pooling.");

  public static final ConfigOption<EmbeddingType> EMBEDDING_TYPE =
      ConfigOptions.key("answer.embedding.type")
          .enumType(EmbeddingType.class)
          .defaultValue(EmbeddingType.FLOAT32)
          .withDescription(
              "Type of the elements of an embedding in the output. Only with"
                  + " answer.embedding.pooling.");

  public static final ConfigOption<AnswerWhitespace> WHITESPACE =
      ConfigOptions.key("answer.whitespace")
          .enumType(AnswerWhitespace.class)
          .defaultValue(AnswerWhitespace.COMPACT)
          .withDescription(
              "Whitespace of JSON: compact for none; spaces allows one space after each colon and"
                  + " comma, as many models prefer to write. Only with answer.json-schema.");

  public static final ConfigOption<Boolean> FIELD_PROBABILITIES =
      ConfigOptions.key("answer.field-probabilities")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether the column field_probabilities has the probability of each enum, const and"
                  + " boolean of the answer among its allowed values. Only with"
                  + " answer.json-schema.");
}
