package io.nightshift.operators.openai;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.operators.render.ChatRenderer;
import io.nightshift.operators.tokenize.PromptSource;
import io.nightshift.operators.tokenize.RowPrompts;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The prompts of the lines of a batch file: one for each choice or embedding of the response.
 * Requests with the same prompt meet in the plan, so that it is computed once.
 *
 * @param served names that bodies may call the model by
 * @param defaults of bodies
 * @param templateOptions variables for the chat template that all bodies have
 * @param clock clock of {@code strftime_now}; a fixed one, because Flink sends it to all tasks
 * @param answerStart what the model would write before an answer that is constrained from its first
 *     token; empty if nothing
 */
public record BodyPrompts(
    ServedModel served,
    BodyDefaults defaults,
    Map<String, @Nullable Object> templateOptions,
    Clock clock,
    String answerStart)
    implements PromptSource {

  public BodyPrompts {
    templateOptions = Collections.unmodifiableMap(new TreeMap<>(templateOptions));
  }

  /**
   * Opens the source.
   *
   * @param columns a single one, the text of the line
   * @throws IllegalArgumentException if the model's chat template cannot be parsed, or does not use
   *     one of the template options
   */
  @Override
  public RowPrompts open(
      ModelDescription model, Tokenizer tokenizer, List<String> columns, Schema kept) {
    BodyReader reader =
        new BodyReader(
            served, defaults, renderer(model), answerStart, BodyLimits.of(model.config()));
    RequestColumns requests = new RequestColumns(ArrowMemory.allocator());
    return new BodyRowPrompts(reader, requests, columns.get(0));
  }

  /**
   * What renders conversations; empty if the model has no chat template.
   *
   * @throws IllegalArgumentException if that cannot be parsed, or there is none that uses one of
   *     the template options
   */
  public Optional<ChatRenderer> renderer(ModelDescription model) {
    if (model.chatTemplate().isEmpty() && !templateOptions.isEmpty()) {
      throw new IllegalArgumentException(
          "prompt.template-options has no effect, since the model has no chat template; remove it");
    }
    return model.chatTemplate().map(template -> new ChatRenderer(template, clock, templateOptions));
  }
}
