package io.nightshift.job.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.job.options.BatchFiles;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.pipeline.EmbeddedRuns;
import io.nightshift.job.pipeline.Pipeline;
import io.nightshift.job.pipeline.Python;
import io.nightshift.runtime.model.RealModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batch files with the small real model. */
class BatchITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Ten bodies, each of another kind. */
  private static final Path EXAMPLE = Path.of("../examples/batch/requests.jsonl");

  private static final String SERVED = "SmolLM2-135M-Instruct";

  /** Reads requests and responses with the types of the official package. */
  private static final String CONFORMANCE =
      """
      import json
      from openai.types import Completion, CreateEmbeddingResponse
      from openai.types.chat import ChatCompletion
      from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
      from openai.types.shared import ErrorObject
      from pydantic import TypeAdapter
      chat = TypeAdapter(CompletionCreateParamsNonStreaming)
      requests = {}
      for line in filter(str.strip, open('in.jsonl')):
        request = json.loads(line)
        requests[request['custom_id']] = request
        if request['url'] == '/v1/chat/completions' and not request['custom_id'].startswith('bad'):
          chat.validate_python(request['body'])
      kinds = {'/v1/chat/completions': ChatCompletion, '/v1/completions': Completion,
               '/v1/embeddings': CreateEmbeddingResponse}
      for line in open('out.jsonl'):
        response = json.loads(line)
        assert list(response) == ['id', 'custom_id', 'response', 'error'], response
        assert list(response['response']) == ['status_code', 'request_id', 'body'], response
        request = requests[response['custom_id']]
        body = kinds[request['url']].model_validate(response['response']['body'], strict=True)
        assert body.model == request['body']['model'], body
        if request['url'] != '/v1/embeddings':
          assert len(body.choices) == request['body'].get('n', 1), body
          assert body.usage.completion_tokens > 0 and body.system_fingerprint.startswith('fp_')
          assert body.usage.total_tokens == body.usage.prompt_tokens + body.usage.completion_tokens
      for line in open('err.jsonl'):
        error = ErrorObject.model_validate(json.loads(line)['response']['body']['error'])
        assert error.type == 'invalid_request_error' and error.message, error
      print('conforms')
      """;

  @TempDir private Path folder;

  private String run(Optional<String> errors, String... overrides) throws Exception {
    return run(
        BatchRun.of(path("in.jsonl"), path("out.jsonl"), errors.map(name -> path(name))),
        overrides);
  }

  private String run(BatchRun batch, String... overrides) throws Exception {
    BatchFiles files =
        new BatchFiles(
            path("in.jsonl"),
            batch.answers(),
            RealModel.smolLm2().toString(),
            List.of(SERVED),
            Optional.of("cpu"));
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("engine.kv-cache-memory=64m");
    return batch.run(
        files, all, new EmbeddedRuns().pipeline(), Pipeline.Start.CONTINUE, source -> () -> {});
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void write(List<String> lines) throws IOException {
    Files.write(folder.resolve("in.jsonl"), lines);
  }

  private static String line(String customId, String url, String body) {
    return "{\"custom_id\": \"%s\", \"method\": \"POST\", \"url\": \"/v1/%s\", \"body\": %s}"
        .formatted(customId, url, body.replace('\'', '"'));
  }

  private Map<String, JsonNode> responses(String name) throws IOException {
    Map<String, JsonNode> responses = new LinkedHashMap<>();
    for (String line : Files.readAllLines(folder.resolve(name))) {
      JsonNode response = JSON.readTree(line);
      responses.put(response.path("custom_id").asText(), response.path("response"));
    }
    return responses;
  }

  @Test
  void everyLineIsAnsweredAsItAsks() throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(EXAMPLE));
    lines.add(
        4,
        line(
            "bad model",
            "chat/completions",
            "{'model': 'gpt-4o', 'messages': [{'role': 'user', 'content': 'a'}]}"));
    lines.add("");
    lines.add(line("bad key", "completions", "{'prompt': 'a', 'presence_penalty': 1}"));
    lines.add(line("bad length", "completions", "{'prompt': '" + "word ".repeat(9000) + "'}"));
    write(lines);
    String report = run(Optional.of("err.jsonl"));
    assertThat(report).contains("10 responses in", "3 error responses in");

    Map<String, JsonNode> responses = responses("out.jsonl");
    List<String> ids = new ArrayList<>();
    for (String request : Files.readAllLines(EXAMPLE)) {
      ids.add(JSON.readTree(request).path("custom_id").asText());
    }
    assertThat(responses.keySet()).containsExactlyElementsOf(ids);
    assertThat(Python.run(folder, CONFORMANCE)).containsExactly("conforms");
    requireContents(responses);
    requireErrors(responses("err.jsonl"));

    // The answers are there: nothing is computed again.
    Map<String, String> contents = contents(responses);
    assertThat(run(Optional.empty())).contains("Nothing to do");
    assertThat(responses("out.jsonl")).hasSize(13);
    assertThat(contents(responses("out.jsonl"))).containsAllEntriesOf(contents);
    assertThatThrownBy(() -> run(Optional.empty(), "sampling.top-p=0.5"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("sampling.top-p");
  }

  private static Map<String, String> contents(Map<String, JsonNode> responses) {
    Map<String, String> contents = new LinkedHashMap<>();
    responses.forEach(
        (id, response) -> {
          JsonNode body = response.path("body");
          contents.put(id, body.path("choices").toString() + body.path("data"));
        });
    return contents;
  }

  private static void requireContents(Map<String, JsonNode> responses) throws IOException {
    assertThat(choice(responses, "greedy").at("/message/content").asText()).contains("Paris");
    assertThat(choice(responses, "greedy").path("finish_reason").asText()).isEqualTo("stop");
    assertThat(choice(responses, "completion").path("finish_reason").asText()).isEqualTo("length");
    assertThat(
            JSON.readTree(choice(responses, "schema").at("/message/content").asText()).fieldNames())
        .toIterable()
        .containsExactly("train", "minutes");
    assertThat(choice(responses, "choice").at("/message/content").asText())
        .isIn("billing", "outage");
    assertThat(choice(responses, "stopped").at("/message/content").asText()).doesNotContain(" 5");
    JsonNode several = response(responses, "several").at("/body/choices");
    assertThat(several.findValuesAsText("content")).doesNotHaveDuplicates().hasSize(3);
    assertThat(several.findValuesAsText("index")).containsExactly("0", "1", "2");
    JsonNode token = choice(responses, "logprobs").at("/logprobs/content/0");
    assertThat(token.path("top_logprobs").path(0).path("token")).isEqualTo(token.path("token"));
    assertThat(token.path("logprob").asDouble()).isNegative();
    JsonNode completion = choice(responses, "completion");
    assertThat(String.join("", texts(completion.at("/logprobs/tokens"))))
        .isEqualTo(completion.path("text").asText());
    JsonNode embeddings = response(responses, "embedding").at("/body/data");
    assertThat(embeddings).hasSize(2);
    assertThat(embeddings.path(1).path("embedding")).hasSize(64);
    // The requests for several choices share their prompt.
    JsonNode usage = response(responses, "several").at("/body/usage");
    assertThat(usage.path("prompt_tokens").asInt()).isLessThan(60);
  }

  private static JsonNode response(Map<String, JsonNode> responses, String id) {
    return Objects.requireNonNull(responses.get(id));
  }

  private static JsonNode choice(Map<String, JsonNode> responses, String id) {
    return response(responses, id).at("/body/choices/0");
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static void requireErrors(Map<String, JsonNode> errors) {
    assertThat(errors.keySet()).containsExactly("bad model", "bad key", "bad length");
    assertThat(response(errors, "bad model").path("status_code").asInt()).isEqualTo(404);
    assertThat(response(errors, "bad model").at("/body/error/code").asText())
        .isEqualTo("model_not_found");
    JsonNode key = response(errors, "bad key").at("/body/error");
    assertThat(response(errors, "bad key").path("status_code").asInt()).isEqualTo(400);
    assertThat(key.path("code").asText()).isEqualTo("unsupported_parameter");
    assertThat(key.path("param").asText()).isEqualTo("presence_penalty");
    assertThat(response(errors, "bad length").at("/body/error/code").asText())
        .isEqualTo("context_length_exceeded");
  }

  @Test
  void linesThatAreNoRequestsAreRefusedBeforeAnythingRuns() throws Exception {
    write(
        List.of(
            line("a", "completions", "{}"),
            "{\"custom_id\": ",
            line("a", "completions", "{}"),
            line("b", "responses", "{}"),
            "",
            "{\"custom_id\": \"c\", \"method\": \"POST\", \"url\": \"/v1/completions\"}"));
    assertThatThrownBy(() -> run(Optional.empty()))
        .isInstanceOfSatisfying(InvalidJobException.class, BatchITCase::requireFourFindings);
    assertThat(Files.list(folder).map(file -> file.getFileName().toString()))
        .containsExactly("in.jsonl");
  }

  private static void requireFourFindings(InvalidJobException wrong) {
    assertThat(wrong.summary())
        .isEqualTo("4 lines of the batch file are wrong, so that nothing was run:");
    assertThat(wrong.findings()).hasSize(4);
    assertThat(wrong.findings().get(0))
        .contains("in.jsonl line 2, column 15: is no valid JSON: Unexpected end");
    assertThat(wrong.findings().get(1))
        .contains("in.jsonl line 3, column 1: has the custom_id \"a\" of ")
        .endsWith("in.jsonl line 1");
    assertThat(wrong.findings().get(2))
        .contains("in.jsonl line 4, column 1: has the url \"/v1/responses\"");
    assertThat(wrong.findings().get(3)).contains("in.jsonl line 6, column 1: has no body");
  }

  @Test
  void aSingleWrongLineIsOne() throws Exception {
    write(List.of("{}"));
    assertThatThrownBy(() -> run(Optional.empty()))
        .hasMessageStartingWith("1 line of the batch file is wrong, so that nothing was run: ")
        .hasMessageEndingWith("in.jsonl line 1, column 1: has no custom_id");
  }

  @Test
  void aStorageThatIsNotThereIsNamedWithItsOption() throws Exception {
    write(List.of(line("a", "completions", "{'prompt': 'a'}")));
    BatchRun nowhere =
        BatchRun.of(path("in.jsonl"), "nowhere://bucket/out.jsonl", Optional.empty());
    assertThatThrownBy(() -> run(nowhere))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith(
            "--output nowhere://bucket/out.jsonl: no file system for this scheme");
  }

  @Test
  void messagesNameTheOptionsOfTheCommand() throws Exception {
    write(List.of(line("a", "completions", "{'prompt': 'a', 'max_tokens': 1}")));
    assertThat(run(Optional.empty())).contains("1 response in ", ", and 0 error responses");
    assertThatThrownBy(() -> run(Optional.empty(), "sampling.temperature=0"))
        .hasMessageStartingWith("--output ")
        .hasMessageContaining("another job, with another sampling.temperature")
        .hasMessageEndingWith("or choose another --output");
    write(List.of(line("b", "completions", "{'prompt': 'bb', 'max_tokens': 1}")));
    assertThatThrownBy(() -> run(Optional.empty()))
        .hasMessageStartingWith(
            "1 input file has changed since the plan was made; run with --fresh")
        .hasMessageNotContaining("output.path");
    Files.delete(folder.resolve("out.jsonl.answers/_nightshift/job.json"));
    assertThatThrownBy(() -> run(Optional.empty()))
        .hasMessageStartingWith("--output ")
        .hasMessageEndingWith("has a folder plan that no run has created: use another --output");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prompt.user=a          | prompt.user has no meaning for a batch file",
        "output.path=a          | output.path has no meaning",
        "answer.choices=[a, b]  | answer.choices has no meaning",
        "plan.folder=a          | plan.folder has no meaning",
        "sampling.temprature=1  | did you mean sampling.temperature?",
        "prompt.template-options={mood: 1} | prompt.template-options sets mood"
      })
  void optionsWithoutMeaningAreRefused(String option, String message) throws Exception {
    write(List.of(line("a", "completions", "{'prompt': 'a'}")));
    assertThatThrownBy(() -> run(Optional.empty(), option))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }

  @Test
  void filesDoNotOverlap() throws Exception {
    write(List.of(line("a", "completions", "{'prompt': 'a'}")));
    assertThatThrownBy(() -> run(Optional.of("out.jsonl")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("--errors is --output");
    assertThatThrownBy(() -> run(Optional.of("in.jsonl")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("is read by --input");
    assertThatThrownBy(() -> run(Optional.of("../" + folder.getFileName())))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("is a folder: name a file in it");
    assertThatThrownBy(() -> run(Optional.of("err.jsonl.gz")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("--errors")
        .hasMessageContaining("name of a compressed file");
  }
}
