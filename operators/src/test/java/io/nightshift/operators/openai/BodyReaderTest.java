package io.nightshift.operators.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nightshift.operators.render.ChatRenderer;
import io.nightshift.operators.tokenize.RowPrompt;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
  private static final int CONTEXT = 2048;
  private static final int HIDDEN_SIZE = 64;
  private static final int VOCABULARY = 1000;
  private static final SamplingParameters DEFAULTS =
      SamplingParameters.greedy(1).withTemperature(1);
  private static final String ASK = "'messages': [{'role': 'user', 'content': 'Hi'}]";

  /** A template with tools, names and options, and one that has none of these. */
  private static final ChatTemplate RICH =
      new ChatTemplate(
          """
          {%- if tools %}<|tools|>{{ tools | tojson }}{% endif %}\
          {%- if enable_thinking is defined %}[{{ enable_thinking }}]{% endif %}\
          {%- if reasoning_effort is defined %}({{ reasoning_effort }}){% endif %}\
          {%- for message in messages %}<|{{ message.role }}|>\
          {%- if message.name %}{{ message.name }}: {% endif %}{{ message.content }}\
          {%- for call in message.tool_calls or [] %}{{ call.function.arguments.city }}{% endfor %}\
          {%- endfor %}<|assistant|>""",
          Map.of());

  private static final ChatTemplate PLAIN =
      new ChatTemplate(
          "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}",
          Map.of());

  private static BodyReader reader(ChatTemplate template, int maxTokens) {
    return new BodyReader(
        new ServedModel(List.of("small", "hf:org/small")),
        new BodyDefaults(DEFAULTS, maxTokens, new EmbeddingParameters(Pooling.LAST, 0, true), true),
        Optional.of(new ChatRenderer(template, Clock.systemUTC(), Map.of())),
        "",
        new BodyLimits(CONTEXT, HIDDEN_SIZE, VOCABULARY));
  }

  private static Body read(ChatTemplate template, String url, String fields) throws Exception {
    return reader(template, 0).read(line(url, fields));
  }

  private static BatchLine line(String url, String fields) throws InvalidLineException {
    String body = "{" + fields.replace('\'', '"') + "}";
    return BatchLine.parse(
        "{\"custom_id\": \"a\", \"method\": \"POST\", \"url\": \"/v1/%s\", \"body\": %s}"
            .formatted(url, body));
  }

  private static Body chat(String fields) throws Exception {
    return read(RICH, "chat/completions", fields);
  }

  private static String prompt(Body body) {
    return ((RowPrompt.Text) body.prompts().get(0)).prompt().text();
  }

  @Test
  void messagesOfAllRolesAreRendered() throws Exception {
    Body body =
        chat(
            """
            'model': 'small',
            'messages': [{'role': 'system', 'content': 'Be brief.'},
                         {'role': 'user', 'name': 'Ada', 'content': 'Weather?'},
                         {'role': 'assistant', 'content': null, 'tool_calls': [
                            {'id': 'c', 'type': 'function',
                             'function': {'name': 'weather', 'arguments': '{\\"city\\": \\"Bern\\"}'}}]},
                         {'role': 'tool', 'tool_call_id': 'c', 'content': '12 degrees'},
                         {'role': 'user', 'content': [{'type': 'text', 'text': 'And'},
                                                      {'type': 'text', 'text': 'now?'}]}]
            """);
    assertThat(prompt(body))
        .isEqualTo(
            "<|system|>Be brief.<|user|>Ada: Weather?<|assistant|>NoneBern<|tool|>12 degrees"
                + "<|user|>And\nnow?<|assistant|>");
    assertThat(body.parameters().model()).isEqualTo("small");
  }

  @Test
  void aDeveloperIsASystemToTemplatesThatKnowNone() throws Exception {
    String body = "'messages': [{'role': 'developer', 'content': 'Hi'}]";
    assertThat(prompt(chat(body))).startsWith("<|system|>");
    ChatTemplate knows = new ChatTemplate(RICH.source() + "{# developer #}", Map.of());
    assertThat(prompt(read(knows, "chat/completions", body))).startsWith("<|developer|>");
  }

  @Test
  void defaultsAreThoseOfTheApi() throws Exception {
    RequestParameters chat = chat(ASK).parameters();
    assertThat(chat.texts()).isEqualTo(sampling(1, 1, CONTEXT, List.of()));
    assertThat(chat.seed()).isNull();
    assertThat(chat.choices()).isEqualTo(1);
    assertThat(chat.constraint()).isEmpty();
    assertThat(chat.model()).isEqualTo("small");
    assertThat(read(RICH, "completions", "'prompt': 'a'").parameters().texts().maxTokens())
        .isEqualTo(16);
    assertThat(
            reader(RICH, 7)
                .read(line("completions", "'prompt': 'a'"))
                .parameters()
                .texts()
                .maxTokens())
        .isEqualTo(7);
  }

  private static SamplingParameters sampling(
      double temperature, double topP, int maxTokens, List<String> stop) {
    return new SamplingParameters(temperature, 0, topP, 0, 1, 0, maxTokens, stop, false, false, 0);
  }

  @Test
  void parametersOfSamplingAreRead() throws Exception {
    Body body =
        chat(
            ASK
                + """
                , 'temperature': 0.5, 'top_p': 0.9, 'top_k': 20, 'min_p': 0.1, 'seed': 3, 'n': 2,
                'repetition_penalty': 1.1, 'max_completion_tokens': 9, 'stop': ['x', 'y'],
                'logprobs': true, 'top_logprobs': 4
                """);
    assertThat(body.parameters().texts())
        .isEqualTo(
            new SamplingParameters(
                0.5, 20, 0.9, 0.1, 1.1, 0, 9, List.of("x", "y"), false, true, 4));
    assertThat(body.parameters().seed()).isEqualTo(3);
    assertThat(body.requests()).isEqualTo(2);
    assertThat(chat(ASK + ", 'stop': 'x', 'max_tokens': 5, 'temperature': 0").parameters().texts())
        .isEqualTo(sampling(0, 1, 5, List.of("x")));
  }

  @Test
  void theParametersTravelAsJson() throws Exception {
    RequestParameters chat =
        chat(ASK + ", 'response_format': {'type': 'json_object'}, 'seed': 5").parameters();
    assertThat(RequestParameters.fromJson(chat.toJson())).isEqualTo(chat);
    RequestParameters embedding =
        read(RICH, "embeddings", "'input': 'a', 'encoding_format': 'base64'").parameters();
    assertThat(RequestParameters.fromJson(embedding.toJson())).isEqualTo(embedding);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'response_format': {'type': 'text'}",
        "'tools': [], 'tool_choice': 'auto'",
        "'tools': [{'type': 'function'}], 'tool_choice': 'none'",
        "'stream': false, 'store': false, 'user': 'u', 'metadata': {'a': 'b'}, 'n': null",
        "'presence_penalty': 0, 'frequency_penalty': 0.0, 'logit_bias': {}, 'service_tier': 'auto'",
        "'parallel_tool_calls': true, 'modalities': ['text'], 'logprobs': false, 'top_logprobs': 0"
      })
  void whatMakesNoDifferenceIsAccepted(String fields) throws Exception {
    Body body = chat(ASK + ", " + fields);
    assertThat(body.parameters()).isEqualTo(chat(ASK).parameters());
    assertThat(prompt(body)).isEqualTo(prompt(chat(ASK)));
  }

  @Test
  void theChatTemplateGetsToolsAndOptions() throws Exception {
    Body body =
        chat(
            ASK
                + ", 'tools': [{'type': 'function'}], 'reasoning_effort': 'low',"
                + " 'chat_template_kwargs': {'enable_thinking': false}");
    assertThat(prompt(body))
        .isEqualTo("<|tools|>[{\"type\": \"function\"}][False](low)<|user|>Hi<|assistant|>");
  }

  @Test
  void controlTokensInContentsAreText() throws Exception {
    String body = "'messages': [{'role': 'user', 'content': '<|system|>'}]";
    RowPrompt.Text prompt = (RowPrompt.Text) chat(body).prompts().get(0);
    assertThat(prompt.prompt())
        .usingRecursiveComparison()
        .isEqualTo(new RenderedPrompt("<|user|><|system|><|assistant|>", new int[] {0, 8, 18, 31}));
  }

  @Test
  void answersConformToSchemasAndExpressions() throws Exception {
    String schema = "{'type': 'object', 'properties': {'a': {'type': 'integer'}}}";
    assertThat(
            constraint(
                "'response_format': {'type': 'json_schema', 'json_schema':"
                    + " {'name': 'n', 'strict': true, 'schema': "
                    + schema
                    + "}}"))
        .isEqualTo(
            new ConstraintSpecification.JsonSchema(
                schema.replace('\'', '"').replace(" ", ""), true));
    assertThat(constraint("'response_format': {'type': 'json_object'}"))
        .isEqualTo(new ConstraintSpecification.JsonSchema("{\"type\":\"object\"}", true));
    assertThat(constraint("'structured_outputs': {'regex': 'a+'}"))
        .isEqualTo(new ConstraintSpecification.Regex("a+"));
    assertThat(constraint("'structured_outputs': {'choice': ['a.b', 'c|d (e)']}"))
        .isEqualTo(new ConstraintSpecification.Regex("a\\.b|c\\|d \\(e\\)"));
  }

  private static ConstraintSpecification constraint(String fields) throws Exception {
    return chat(ASK + ", " + fields).parameters().constraint().orElseThrow();
  }

  @Test
  void promptsAreTextsOrTokensOrListsOfThese() throws Exception {
    assertThat(read(RICH, "completions", "'prompt': [5, 6]").prompts())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(new RowPrompt.Tokens(new int[] {5, 6}));
    Body texts = read(RICH, "completions", "'prompt': ['a', 'b'], 'n': 2, 'logprobs': 3");
    assertThat(texts.requests()).isEqualTo(4);
    assertThat(texts.prompt(1)).isSameAs(texts.prompts().get(0));
    assertThat(texts.prompt(2)).isSameAs(texts.prompts().get(1));
    assertThat(texts.parameters().texts().topLogprobs()).isEqualTo(3);
    Body mixed = read(RICH, "embeddings", "'input': ['a', [1, 2]], 'dimensions': 8");
    assertThat(mixed.prompts()).hasSize(2);
    assertThat(mixed.parameters().embedding())
        .isEqualTo(new EmbeddingParameters(Pooling.LAST, 8, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'model': 'gpt-4o'                 | model_not_found       | model",
        "'model': 3                        | invalid_type          | model",
        "'temperature': 3                  | invalid_value         | temperature",
        "'temperature': 'hot'              | invalid_type          | temperature",
        "'top_p': 0                        | invalid_value         | top_p",
        "'top_k': 1.5                      | invalid_type          | top_k",
        "'max_tokens': 0                   | invalid_value         | max_tokens",
        "'max_tokens': 5, 'max_completion_tokens': 6 | invalid_value | max_tokens",
        "'n': 0                            | invalid_value         | n",
        "'seed': 'a'                       | invalid_type          | seed",
        "'stop': ['']                      | invalid_value         | stop",
        "'stop': [1]                       | invalid_type          | stop",
        "'logprobs': 2                     | invalid_type          | logprobs",
        "'top_logprobs': 2                 | invalid_value         | top_logprobs",
        "'logprobs': true, 'top_logprobs': 21 | invalid_value      | top_logprobs",
        "'presence_penalty': 0.5           | unsupported_parameter | presence_penalty",
        "'frequency_penalty': -1           | unsupported_parameter | frequency_penalty",
        "'logit_bias': {'5': 3}            | unsupported_parameter | logit_bias",
        "'stream': true                    | unsupported_parameter | stream",
        "'tool_choice': 'required'         | unsupported_parameter | tool_choice",
        "'reasoning': {}                   | unsupported_parameter | reasoning",
        "'audio': {}                       | unsupported_parameter | audio",
        "'best_of': 2                      | unsupported_parameter | best_of",
        "'temprature': 1                   | unsupported_parameter | temprature",
        "'chat_template_kwargs': {'x': 1}  | unsupported_parameter | chat_template_kwargs.x",
        "'response_format': {}             | missing_required_parameter | response_format.type",
        "'response_format': {'type': 'xml'} | unsupported_parameter | response_format.type",
        "'response_format': {'type': 'json_schema'} | missing_required_parameter | response_format.json_schema",
        "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'a', 'schema': {'type': 'cat'}}} | invalid_value | response_format.json_schema.schema",
        "'response_format': {'type': 'json_object'}, 'stop': 'x' | unsupported_parameter | stop",
        "'structured_outputs': {'regex': '('} | invalid_value       | structured_outputs.regex",
        "'structured_outputs': {'grammar': 'g'} | unsupported_parameter | structured_outputs.grammar"
      })
  void whatCannotBeHonoredIsNamed(String fields, String code, String parameter) {
    requireRefused(RICH, "chat/completions", ASK + ", " + fields, code, parameter);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "temprature        | did you mean 'temperature'?",
        "max_output_tokens | did you mean 'max_tokens'?",
        "audio             | remove it; docs/batch.md lists what is",
        "stream            | responses are written to a file; remove it"
      })
  void theNearestParameterIsNamed(String parameter, String remedy) {
    BodyException refused =
        catchThrowableOfType(
            BodyException.class,
            () -> read(RICH, "chat/completions", ASK + ", '%s': 1".formatted(parameter)));
    assertThat(refused.problem())
        .isEqualTo("'%s' is not supported here: %s".formatted(parameter, remedy));
  }

  @Test
  void aBodyForAnotherEndpointIsToldByItsPrompt() {
    BodyException refused =
        catchThrowableOfType(BodyException.class, () -> read(RICH, "completions", ASK));
    assertThat(refused.problem())
        .isEqualTo(
            "'prompt' is missing, but there is 'messages': is the url to be /v1/chat/completions?");
    assertThat(refused.parameter()).isEqualTo("prompt");
  }

  @Test
  void rangesAreWrittenAsPeopleDo() {
    BodyException refused =
        catchThrowableOfType(
            BodyException.class,
            () -> read(RICH, "chat/completions", ASK + ", 'repetition_penalty': 0"));
    assertThat(refused.problem())
        .isEqualTo("'repetition_penalty' is 0.0; it must be over 0 and at most 10.0");
  }

  @Test
  void aTokenThatTheModelDoesNotHaveIsNamedWithTheVocabularysSize() {
    BodyException refused =
        catchThrowableOfType(
            BodyException.class, () -> read(RICH, "completions", "'prompt': [5, 99999]"));
    assertThat(refused.problem())
        .isEqualTo(
            "'prompt[1]' is the token id 99999; the model's vocabulary has 1000 tokens, with ids"
                + " from 0 to 999");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "''                                  | missing_required_parameter | messages",
        "'messages': []                      | invalid_value         | messages",
        "'messages': ['a']                   | invalid_type          | messages[0]",
        "'messages': [{'role': 'user'}]      | missing_required_parameter | messages[0].content",
        "'messages': [{'role': 'cat', 'content': ''}] | invalid_value | messages[0].role",
        "'messages': [{'role': 'user', 'content': 5}] | invalid_type | messages[0].content",
        "'messages': [{'role': 'user', 'content': [{'type': 'image_url'}]}] | unsupported_parameter | messages[0].content[0].type",
        "'messages': [{'role': 'user', 'content': 'a', 'name': 'b'}] | unsupported_parameter | messages[0].name",
        "'messages': [{'role': 'user', 'content': 'a', 'mood': 'b'}] | unsupported_parameter | messages[0].mood",
        "'messages': [{'role': 'user', 'content': 'a'}], 'tools': [{}] | unsupported_parameter | tools",
        "'messages': [{'role': 'user', 'content': 'a'}], 'reasoning_effort': 'low' | unsupported_parameter | reasoning_effort"
      })
  void whatTheChatTemplateDropsIsNamed(String fields, String code, String parameter) {
    String given = fields.equals("''") ? "" : fields;
    requireRefused(PLAIN, "chat/completions", given, code, parameter);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "completions | 'suffix': 'a', 'prompt': 'b' | unsupported_parameter      | suffix",
        "completions | 'echo': true, 'prompt': 'b'  | unsupported_parameter      | echo",
        "completions | 'prompt': [[], 'a']          | invalid_type               | prompt[0]",
        "completions | 'prompt': {}                 | invalid_type               | prompt",
        "completions | 'prompt': [5, 1000]          | invalid_value              | prompt[1]",
        "completions | 'prompt': [-1]               | invalid_value              | prompt[0]",
        "completions | 'prompt': [[5], [9, 3000000000]] | invalid_value          | prompt[1][1]",
        "completions | 'prompt': [5, 6.5]           | invalid_type               | prompt[0]",
        "embeddings  | 'input': [1000]              | invalid_value              | input[0]",
        "completions | 'max_tokens': 3              | missing_required_parameter | prompt",
        "embeddings  | 'input': []                  | invalid_value              | input",
        "embeddings  | 'input': 'a', 'dimensions': 65 | invalid_value            | dimensions",
        "embeddings  | 'input': 'a', 'encoding_format': 'hex' | unsupported_parameter | encoding_format",
        "embeddings  | 'input': 'a', 'temperature': 1 | unsupported_parameter    | temperature"
      })
  void otherEndpointsNameWhatTheyDoNotHonor(
      String url, String fields, String code, String parameter) {
    requireRefused(RICH, url, fields, code, parameter);
  }

  private static void requireRefused(
      ChatTemplate template, String url, String fields, String code, String parameter) {
    BodyException refused =
        catchThrowableOfType(BodyException.class, () -> read(template, url, fields));
    assertThat(refused).as(fields).isNotNull();
    assertThat(refused.code()).as(refused.problem()).isEqualTo(code);
    assertThat(refused.parameter()).isEqualTo(parameter);
    assertThat(refused.problem()).contains(code.equals("model_not_found") ? "gpt-4o" : parameter);
  }

  /** Tool calls of a real template, which takes arguments as an object. */
  @Test
  void aRealTemplateTakesToolCalls() throws Exception {
    Path source = Path.of("src/test/resources/jinja/templates/Qwen3.5.jinja");
    Body body =
        read(
            new ChatTemplate(Files.readString(source), Map.of()),
            "chat/completions",
            """
            'messages': [{'role': 'user', 'content': 'Weather in Bern?'},
                         {'role': 'assistant', 'content': '', 'tool_calls': [
                            {'id': 'c', 'type': 'function',
                             'function': {'name': 'weather', 'arguments': '{\\"city\\": \\"Bern\\"}'}}]},
                         {'role': 'tool', 'tool_call_id': 'c', 'content': '12 degrees'}],
            'tools': [{'type': 'function', 'function': {'name': 'weather', 'parameters': {}}}]
            """);
    assertThat(prompt(body)).contains("weather", "city", "Bern", "12 degrees");
  }
}
