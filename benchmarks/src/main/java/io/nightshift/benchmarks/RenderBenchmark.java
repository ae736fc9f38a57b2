package io.nightshift.benchmarks;

import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.render.RowException;
import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The prompt of one row: a job's two templates, then the chat template of SmolLM2-Instruct. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RenderBenchmark {
  private static final String SMOLLM2 =
      "{% for message in messages %}"
          + "{% if loop.first and messages[0]['role'] != 'system' %}"
          + "{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging"
          + " Face<|im_end|>\n' }}{% endif %}"
          + "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
          + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

  private final PromptRenderer renderer =
      new PromptRenderer(
          PromptSpecification.turn(
              "Sort the ticket into one of the queues. ".repeat(20),
              "{{ subject }}: {{ body | trim }}"),
          Optional.of(new ChatTemplate(SMOLLM2, Map.of("eos_token", "<|im_end|>"))),
          Clock.systemUTC(),
          List.of("subject", "body"));
  private final Map<String, Object> row =
      Map.of("subject", "No heating since Monday", "body", " The flat has been cold. ".repeat(20));

  @Benchmark
  public RenderedPrompt render() throws RowException {
    return renderer.render(row);
  }
}
