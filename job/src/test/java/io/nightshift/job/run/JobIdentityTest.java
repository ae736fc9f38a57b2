package io.nightshift.job.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.NightshiftOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;

class JobIdentityTest {
  private static final String JOB =
      """
      input: {path: /data/letters.parquet}
      model: {path: /models/llama, device: %s}
      output: {path: /data/answers}
      """;

  private static final List<String> SAMPLED =
      List.of("prompt.user={{ letter }}", "sampling.temperature=1");
  private static final List<String> TYPED =
      List.of(
          "prompt.user={{ letter }}",
          "answer.json-schema={\"type\":\"string\"}",
          "sampling.temperature=1");
  private static final List<String> EMBEDDED =
      List.of("prompt.user={{ letter }}", "answer.embedding.pooling=last");
  private static final List<String> SCORED =
      List.of("prompt.user={{ letter }}", "answer.choices=[yes, no, maybe]");

  @Test
  void everyOptionHasOneRole() {
    List<String> keys = new ArrayList<>();
    for (Collection<ConfigOption<?>> role :
        List.<Collection<ConfigOption<?>>>of(
            OptionRoles.DECISIVE.keySet(), OptionRoles.RESOLVED, OptionRoles.INDIFFERENT)) {
      role.forEach(option -> keys.add(option.key()));
    }

    assertThat(keys)
        .as("a new option belongs into one of the collections of OptionRoles")
        .containsExactlyInAnyOrderElementsOf(NightshiftOptions.keys());
  }

  /** Overrides without and with another value of a decisive option. */
  private record Change(List<String> before, String after) {}

  @Test
  void anotherValueOfADecisiveOptionIsAnotherJob() {
    Map<String, Change> changes = new LinkedHashMap<>();
    changes.put("model.dtype", new Change(SAMPLED, "f32"));
    changes.put("prompt.system", new Change(SAMPLED, "Answer."));
    changes.put("prompt.user", new Change(SAMPLED, "{{ letter }}?"));
    changes.put("prompt.text", new Change(List.of("prompt.text={{ letter }}"), "{{ letter }}?"));
    changes.put("prompt.messages", new Change(List.of("prompt.messages=chat"), "talk"));
    changes.put("prompt.template-options", new Change(SAMPLED, "{enable_thinking: false}"));
    changes.put("answer.max-tokens", new Change(SAMPLED, "9"));
    changes.put("answer.reasoning", new Change(SAMPLED, "drop"));
    changes.put(
        "answer.reasoning-marks", new Change(and(SAMPLED, "answer.reasoning=drop"), "[a, b]"));
    changes.put(
        "answer.reasoning-max-tokens", new Change(and(SAMPLED, "answer.reasoning=drop"), "9"));
    changes.put("answer.logprobs", new Change(SAMPLED, "0"));
    changes.put("answer.choices", new Change(SCORED, "[\"yes, no\", maybe]"));
    changes.put("answer.normalize-by-length", new Change(SCORED, "true"));
    changes.put("answer.embedding.pooling", new Change(EMBEDDED, "mean"));
    changes.put("answer.embedding.normalize", new Change(EMBEDDED, "false"));
    changes.put("answer.embedding.dimensions", new Change(EMBEDDED, "7"));
    changes.put("answer.embedding.type", new Change(EMBEDDED, "float16"));
    changes.put("answer.regex", new Change(and(SAMPLED, "answer.regex=a"), "b"));
    changes.put("answer.json-schema", new Change(TYPED, "{\"type\":\"integer\"}"));
    changes.put("answer.whitespace", new Change(TYPED, "spaces"));
    changes.put("answer.field-probabilities", new Change(TYPED, "false"));
    changes.put("sampling.temperature", new Change(SAMPLED, "0.5"));
    changes.put("sampling.top-k", new Change(SAMPLED, "5"));
    changes.put("sampling.top-p", new Change(SAMPLED, "0.5"));
    changes.put("sampling.min-p", new Change(SAMPLED, "0.5"));
    changes.put("sampling.repetition-penalty", new Change(SAMPLED, "1.5"));
    changes.put("sampling.seed", new Change(SAMPLED, "7"));
    changes.put("sampling.stop", new Change(and(SAMPLED, "sampling.stop=[a, b]"), "[\"a, b\"]"));
    changes.put("engine.tensor-parallel", new Change(SAMPLED, "3"));
    changes.put("engine.mixed-devices", new Change(SAMPLED, "true"));
    changes.put("engine.forced-tokens", new Change(TYPED, "false"));
    changes.put("output.source-columns", new Change(SAMPLED, "true"));
    changes.put("output.order", new Change(SAMPLED, "input"));
    changes.put("errors.path", new Change(SAMPLED, "/data/errors"));
    changes.forEach(
        (option, change) ->
            assertThat(
                    identity("cpu", and(change.before(), option + "=" + change.after()))
                        .differences(identity("cpu", change.before())))
                .containsExactly(option));

    assertThat(identity("cuda", SAMPLED).differences(identity("cpu", SAMPLED)))
        .containsExactly("model.device");
    assertThat(
            identity("cuda", and(SAMPLED, "engine.fp8-kv-cache=true"))
                .differences(identity("cuda", SAMPLED)))
        .containsExactly("engine.fp8-kv-cache");

    TreeSet<String> tried = new TreeSet<>(changes.keySet());
    tried.addAll(List.of("model.device", "engine.fp8-kv-cache"));
    assertThat(OptionRoles.DECISIVE.keySet())
        .extracting(ConfigOption::key)
        .containsExactlyInAnyOrderElementsOf(tried);
  }

  @Test
  void otherOptionsMayChangeBetweenRuns() {
    List<String> others =
        List.of(
            "input.path=/data/more",
            "input.format=jsonl",
            "output.path=/data/moved",
            "output.auto-compaction=false",
            "output.compression=gzip",
            "output.row-group-size=8m",
            "errors.max-fraction=1",
            "errors.max-rows=3",
            "engine.kv-cache-memory=2g",
            "engine.host-kv-cache-memory=2g",
            "engine.memory-limit=8g",
            "engine.slot-cpu-cores=2",
            "engine.slot-heap-memory=1g",
            "engine.slot-off-heap-memory=1g",
            "engine.block-size=32",
            "engine.max-step-tokens=64",
            "engine.max-running-sequences=2",
            "engine.threads=1",
            "plan.unit-tokens=10",
            "plan.share-duplicates=false",
            "plan.tokens-per-second=5",
            "plan.folder=/data/plan",
            "output.report=none",
            "cost.gpu-hour=2.5",
            "cost.kwh=0.3",
            "cost.currency=EUR");
    List<String> ordered = and(SAMPLED, "output.order=input");

    assertThat(identity("cpu", and(SAMPLED, others.toArray(String[]::new))))
        .isEqualTo(identity("cpu", SAMPLED));
    assertThat(identity("cuda", and(SAMPLED, "engine.gpus=[1]")))
        .isEqualTo(identity("cuda", SAMPLED));
    assertThat(identity("cpu", and(ordered, "output.file-size=5m")))
        .isEqualTo(identity("cpu", ordered));
    List<String> evaluated =
        List.of(
            "prompt.user={{ letter }}",
            "answer.json-schema={\"properties\":{\"a\":{\"enum\":[1]},\"b\":{\"enum\":[2]}}}",
            "evaluate.column=letter",
            "evaluate.field=a");
    assertThat(identity("cpu", and(evaluated, "evaluate.field=b")))
        .isEqualTo(identity("cpu", evaluated));
    assertThat(OptionRoles.INDIFFERENT)
        .extracting(ConfigOption::key)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    others.stream(),
                    Stream.of("output.file-size=", "engine.gpus=", "evaluate.field="))
                .map(override -> override.substring(0, override.indexOf('=')))
                .toList());
  }

  @Test
  void optionsThatHaveNoPartInTheAnswersMakeNoDifference() {
    List<String> greedy = List.of("prompt.user={{ letter }}");

    assertThat(
            identity("cpu", and(greedy, "sampling.seed=7", "sampling.top-k=5", "sampling.min-p=1")))
        .isEqualTo(identity("cpu", greedy));
    assertThat(identity("cpu", and(greedy, "prompt.template-options={}")))
        .isEqualTo(identity("cpu", greedy));
    assertThat(identity("cpu", and(TYPED, "answer.json-schema={ \"type\": \"string\" }")))
        .isEqualTo(identity("cpu", TYPED));
    assertThat(identity("cpu", and(SCORED, "sampling.seed=7"))).isEqualTo(identity("cpu", SCORED));
  }

  @Test
  void anIdentityIsReadAsItWasWritten() throws IOException {
    JobIdentity identity = identity("cpu", and(SCORED, "prompt.system=\"quoted\", and { more"));

    assertThat(JobIdentity.fromJson(identity.toJson())).isEqualTo(identity);
  }

  @Test
  void aRecordOfAnotherVersionIsToldFromAnotherJob() throws IOException {
    JobIdentity identity = identity("cpu", SCORED);
    for (String other :
        List.of(
            "{\"parts\": {\"answer\": \"ChoiceAnswer[choices=[yes, no, maybe]]\"}}",
            "{\"format\": 7, \"parts\": {}, \"new\": []}")) {
      assertThat(identity.ownerOfAnswers(JobIdentity.fromJson(other.getBytes(UTF_8))))
          .startsWith("a job that another version of Nightshift has recorded");
    }
  }

  @Test
  void whatNoVersionHasWrittenIsNoRecord() {
    for (String foreign : List.of("", "no JSON", "{\"mine\": true}")) {
      assertThatThrownBy(() -> JobIdentity.fromJson(foreign.getBytes(UTF_8)))
          .isInstanceOf(JsonProcessingException.class);
    }
  }

  private static List<String> and(List<String> overrides, String... more) {
    return Stream.concat(overrides.stream(), Stream.of(more)).toList();
  }

  private static JobIdentity identity(String device, List<String> overrides) {
    JobSpecification job = JobSpecification.parse("job.yaml", JOB.formatted(device), overrides);
    return JobIdentity.of(job, new Schema(List.of()), Map.of("model.path", "a model"));
  }
}
