package io.nightshift.operators.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nightshift.operators.jinja.TemplateSyntaxException;
import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptRendererTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);
  private static final List<String> COLUMNS =
      List.of(
          "kind", "subject", "body", "what", "title", "meta", "number", "a", "list", "map", "n");
  private static final ChatTemplate CHATML =
      new ChatTemplate(
          "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{{ eos_token }}{% endfor %}"
              + "{% if add_generation_prompt %}<|assistant|>{% endif %}",
          Map.of("eos_token", "<|end|>"));
  private static final ChatTemplate NO_SYSTEM =
      new ChatTemplate(
          "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
              + "{{ messages[0].content }}",
          Map.of());

  /** All characters are token 0, control tokens are 1 to 3. */
  private static final String TOKENIZER =
      """
      {"model": {"type": "BPE", "vocab": {"?": 0}, "merges": [], "unk_token": "?"},
       "decoder": {"type": "Fuse"},
       "added_tokens": [{"id": 1, "content": "<|end|>", "special": true},
                        {"id": 2, "content": "<|x|>", "special": true},
                        {"id": 3, "content": "<|user|>", "special": true}]}
      """;

  private static final Map<String, @Nullable Object> NULLS =
      row("body", null, "meta", row("team", null));

  @Test
  void theStartOfTheAnswerFollowsThePromptOfAChatTemplate() throws RowException {
    PromptSpecification chat =
        PromptSpecification.turn(null, "{{ body }}").withAnswerStart("<|x|>");
    PromptSpecification text = PromptSpecification.text("{{ body }}").withAnswerStart("<|x|>");
    RenderedPrompt prompt =
        new PromptRenderer(chat, Optional.of(CHATML), CLOCK, COLUMNS).render(row("body", "<|x|>"));
    assertThat(prompt.text()).isEqualTo("<|user|><|x|><|end|><|assistant|><|x|>");
    try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(TOKENIZER))) {
      assertThat(IntStream.of(tokenizer.encodePrompt(prompt)).filter(token -> token > 0))
          .containsExactly(3, 1, 2);
    }
    assertThat(
            new PromptRenderer(text, Optional.empty(), CLOCK, COLUMNS)
                .render(row("body", "a"))
                .text())
        .isEqualTo("a");
  }

  @Test
  void theSchemaOfTheAnswersIsAVariable() throws RowException {
    String schema = "{\"enum\":[\"<|end|>\"]}";
    PromptSpecification prompt =
        PromptSpecification.text("{{ body }} {{ schema }}").withSchema(schema);
    PromptRenderer renderer = renderer(prompt);
    assertThat(renderer.columns()).containsExactly("body");
    RenderedPrompt rendered = renderer.render(Map.of("body", "x"));
    assertThat(rendered.text()).isEqualTo("x " + schema);
    try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(TOKENIZER))) {
      assertThat(tokenizer.encodePrompt(rendered)).as("control tokens").containsOnly(0);
    }

    List<String> columns = List.of("body", "schema");
    assertThatThrownBy(
            () -> new PromptRenderer(prompt, Optional.empty(), Clock.systemUTC(), columns))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{{ schema }}")
        .hasMessageContaining("answer.json-schema")
        .hasMessageContaining("{{ row[\"schema\"] }}");
    PromptSpecification column = PromptSpecification.text("{{ row['schema'] }}").withSchema(schema);
    assertThat(
            new PromptRenderer(column, Optional.empty(), Clock.systemUTC(), columns)
                .render(Map.of("schema", "mine"))
                .text())
        .isEqualTo("mine");
    assertThat(renderer(PromptSpecification.text("{{ schema }}")).columns())
        .containsExactly("schema");
  }

  @Test
  void putsMessagesThroughTheChatTemplate() throws RowException {
    PromptRenderer renderer =
        renderer(PromptSpecification.turn("Sort {{ kind }}.", "{{ subject }}: {{ body }}"));
    assertThat(renderer.columns()).containsExactlyInAnyOrder("kind", "subject", "body");
    assertThat(renderer.render(Map.of("kind", "mail", "subject", "Hi", "body", "there")).text())
        .isEqualTo("<|system|>Sort mail.<|end|><|user|>Hi: there<|end|><|assistant|>");
  }

  @Test
  void plainTextNeedsNoChatTemplate() throws RowException {
    PromptRenderer renderer =
        new PromptRenderer(
            PromptSpecification.text("Once {{ what }}"), Optional.empty(), CLOCK, COLUMNS);
    assertThat(renderer.render(Map.of("what", "upon")).text()).isEqualTo("Once upon");
  }

  @Test
  void theDateIsThatOfTheJobsClock() throws RowException {
    PromptRenderer renderer =
        renderer(PromptSpecification.turn(null, "{{ strftime_now('%Y-%m-%d') }}{{ n }}"));
    assertThat(renderer.render(Map.of("n", 1)).text()).contains("2026-02-03");
  }

  @Test
  void rowsThatGiveNoPromptSayWhy() {
    PromptRenderer renderer = renderer(PromptSpecification.turn(null, "{{ body }}"));
    assertThat(failure(renderer, "body", "  \n")).isEqualTo(RowErrorCode.PROMPT_EMPTY);
    assertThat(failure(renderer, "body", null)).isEqualTo(RowErrorCode.PROMPT_NULL);
    PromptRenderer division = renderer(PromptSpecification.turn(null, "{{ 1 / number }}"));
    assertThat(failure(division, "number", 0L)).isEqualTo(RowErrorCode.TEMPLATE_ERROR);
  }

  @Test
  void aTemplateThatSaysWhatToDoWithNullIsNoError() throws RowException {
    PromptRenderer renderer =
        renderer(
            PromptSpecification.turn(
                null, "{{ title or 'untitled' }}{% if body is not none %}{{ body }}{% endif %}"));
    assertThat(renderer.render(row("title", null, "body", null)).text())
        .isEqualTo("<|user|>untitled<|end|><|assistant|>");
  }

  @Test
  void theErrorOfANullNamesItAndHowToAllowIt() {
    assertThat(message("{{ body }}"))
        .isEqualTo(
            "template prompt.user, line 1: body is null; to allow that, write {{ body or '' }}");
    assertThat(message("ask:\n{{ body | trim | upper }}")).contains("line 2: body is null;");
    assertThat(message("{{ meta.team }}")).contains("{{ meta.team or '' }}");
    assertThat(message("{{ 'of ' ~ body }}")).contains("value is null");
    assertThat(message("{{ '%s' | format(body) }}")).contains("is null");
  }

  @Test
  void nullsThatAreNotPrintedAreNoError() throws RowException {
    String template =
        "{{ body | default('-', true) }}{{ body is none }}{{ 'x' if body else 'y' }}{{ meta | tojson }}";
    PromptRenderer renderer = renderer(PromptSpecification.turn(null, template));
    assertThat(renderer.render(NULLS).text())
        .isEqualTo("<|user|>-Truey{\"team\": null}<|end|><|assistant|>");
  }

  @Test
  void refusesWhatNoRowCouldPass() {
    assertThatThrownBy(() -> renderer(PromptSpecification.turn(null, "{{ body")))
        .isInstanceOf(TemplateSyntaxException.class)
        .hasMessageContaining("prompt.user");
    assertThatThrownBy(
            () ->
                new PromptRenderer(
                    PromptSpecification.turn(null, "{{ body }}"), Optional.empty(), CLOCK, COLUMNS))
        .hasMessageContaining("prompt.text");
    assertThatThrownBy(
            () ->
                new PromptRenderer(
                    PromptSpecification.turn("Be brief.", "{{ body }}"),
                    Optional.of(NO_SYSTEM),
                    CLOCK,
                    COLUMNS))
        .hasMessageContaining("no system role");
  }

  @Test
  void theChatTemplateGetsItsOptions() throws Exception {
    assertThat(thinking(Map.of("enable_thinking", false)))
        .endsWith("<|im_start|>assistant\n<think>\n\n</think>\n\n");
    assertThat(thinking(Map.of("enable_thinking", true))).endsWith("<|im_start|>assistant\n");
    assertThat(thinking(Map.of())).endsWith("<|im_start|>assistant\n");
    assertThat(thinking(Map.of("tools", List.of(Map.of("limit", 3)))))
        .contains("<tools>\n{\"limit\": 3}\n</tools>");
  }

  private static String thinking(Map<String, Object> options) throws Exception {
    return qwen3(options).render(Map.of("body", "Why?")).text();
  }

  private static PromptRenderer qwen3(Map<String, Object> options) throws IOException {
    String source =
        Files.readString(Path.of("src", "test", "resources", "jinja", "templates", "Qwen3.jinja"));
    return new PromptRenderer(
        new PromptSpecification(new PromptContent.Turn(null, "{{ body }}"), new TreeMap<>(options)),
        Optional.of(new ChatTemplate(source, Map.of("eos_token", "<|im_end|>"))),
        CLOCK,
        COLUMNS);
  }

  @Test
  void optionsThatAreNotTheTemplatesAreRefused() {
    assertThatThrownBy(() -> qwen3(Map.of("enable_thinkin", true)))
        .hasMessageStartingWith(
            "prompt.template-options sets enable_thinkin, which the model's chat template does not use; it uses ")
        .hasMessageContaining(" enable_thinking, ");
    for (String name : List.of("messages", "add_generation_prompt", "bos_token", "namespace")) {
      assertThatThrownBy(() -> qwen3(Map.of(name, "x")))
          .hasMessageStartingWith("prompt.template-options sets " + name + ", which the chat");
    }
    assertThatThrownBy(
            () ->
                renderer(
                    new PromptSpecification(
                        new PromptContent.Turn(null, "{{ body }}"), Map.of("a", 1))))
        .hasMessageEndingWith("does not use; it has no options, so remove it");
  }

  @Test
  void textsOfOptionsMayHaveControlTokens() throws RowException {
    PromptRenderer renderer =
        new PromptRenderer(
            new PromptSpecification(
                new PromptContent.Turn(null, "{{ a }}"), Map.of("style", List.of("<|x|>"))),
            Optional.of(new ChatTemplate("{{ style[0] }}{{ messages[0].content }}", Map.of())),
            CLOCK,
            COLUMNS);
    RenderedPrompt prompt = renderer.render(Map.of("a", "<|end|>"));
    try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(TOKENIZER))) {
      assertThat(IntStream.of(tokenizer.encodePrompt(prompt)).filter(id -> id > 0))
          .containsExactly(2);
    }
  }

  @Test
  void onlyWhatTemplatesWriteMayBeAControlToken() throws RowException {
    String template = "<|x|>{{ a }}{{ list[0] }}{{ map.values() | first }}{{ n + 1 }}<|y|>";
    RenderedPrompt prompt =
        renderer(PromptSpecification.turn("<|s|>", template))
            .render(Map.of("a", "<|end|>", "list", List.of("l"), "map", Map.of("k", "v"), "n", 1L));
    assertThat(prompt.text())
        .isEqualTo("<|system|><|s|><|end|><|user|><|x|><|end|>lv2<|y|><|end|><|assistant|>");
    try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(TOKENIZER))) {
      assertThat(IntStream.of(tokenizer.encodePrompt(prompt)).filter(id -> id > 0))
          .containsExactly(1, 3, 2, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "range",
        "dict",
        "namespace",
        "cycler",
        "joiner",
        "strftime_now",
        "raise_exception",
        "lipsum",
        "loop",
        "self",
        "row",
        "caller"
      })
  void aColumnTakesThePlaceOfAFunctionOfItsName(String column) throws RowException {
    PromptRenderer renderer = text("{{ " + column + " }}", List.of("id", column));
    assertThat(renderer.columns()).containsExactly(column);
    assertThat(renderer.render(Map.of(column, "10-20")).text()).isEqualTo("10-20");
  }

  @Test
  void aFunctionIsNoColumnWhereTheRowsHaveNone() throws RowException {
    PromptRenderer renderer = text("{% for i in range(2) %}{{ id }}{% endfor %}", List.of("id"));
    assertThat(renderer.columns()).containsExactly("id");
    assertThat(renderer.render(Map.of("id", 7)).text()).isEqualTo("77");
  }

  @Test
  void rowReadsColumnsWhoseNamesAreNoIdentifiers() throws RowException {
    List<String> columns = List.of("user.name", "zip code", "id", "größe");
    PromptRenderer some = text("{{ row[\"user.name\"] }} {{ row.id }} {{ größe }}", columns);
    assertThat(some.columns()).containsExactlyInAnyOrder("user.name", "id", "größe");
    assertThat(some.render(Map.of("user.name", "Bo", "id", 1, "größe", 2)).text())
        .isEqualTo("Bo 1 2");
    PromptRenderer all = text("{% for k, v in row.items() %}{{ k }}={{ v }};{% endfor %}", columns);
    assertThat(all.columns()).containsExactlyInAnyOrderElementsOf(columns);
    assertThat(all.render(Map.of("user.name", "Bo", "zip code", 9, "id", 1, "größe", 2)).text())
        .isEqualTo("user.name=Bo;zip code=9;id=1;größe=2;");
  }

  @Test
  void namesWithDotsAndBlanksGetTheirRemedy() {
    assertThatThrownBy(() -> text("{{ user.name }}", List.of("user.name")))
        .hasMessageContaining("user.name")
        .hasMessageContaining("{{ row[\"user.name\"] }}");
    assertThatThrownBy(() -> text("{{ zip code }}", List.of("zip code")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompt.text, line 1")
        .hasMessageContaining("{{ row[\"zip code\"] }}");
    assertThatThrownBy(() -> text("{{ user-id }}", List.of("user-id")))
        .hasMessageContaining("{{ row[\"user-id\"] }}");
    // A struct's field is no column of that name.
    assertThat(text("{{ user.name }}", List.of("user", "user.name")).columns())
        .containsExactly("user");
  }

  @Test
  void aPromptThatReadsNoColumnIsRefused() {
    assertThatThrownBy(() -> text("Classify: {text}", List.of("text")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reads no column")
        .hasMessageContaining("prompt.text is \"Classify: {text}\"")
        .hasMessageContaining("{{ text }}");
    assertThatThrownBy(() -> text("Ticket", List.of("text")))
        .hasMessageContaining("prompt.text is \"Ticket\"")
        .hasMessageContaining("# behind a blank begins a comment");
    assertThatThrownBy(() -> renderer(PromptSpecification.turn("Be brief.", "{% set a = 1 %}")))
        .hasMessageContaining("prompt.system is \"Be brief.\", prompt.user is");
  }

  @Test
  void aPromptMayBeTheSameForEveryRowWhereItSaysSo() throws RowException {
    PromptRenderer renderer = text("{% set any = id %}Say hello.", List.of("id"));
    assertThat(renderer.render(Map.of("id", 1)).text()).isEqualTo("Say hello.");
  }

  private static PromptRenderer text(String template, List<String> columns) {
    return new PromptRenderer(PromptSpecification.text(template), Optional.empty(), CLOCK, columns);
  }

  private static PromptRenderer renderer(PromptSpecification prompt) {
    return new PromptRenderer(prompt, Optional.of(CHATML), CLOCK, COLUMNS);
  }

  private static String message(String template) {
    PromptRenderer renderer = renderer(PromptSpecification.turn(null, template));
    RowException failure = catchThrowableOfType(RowException.class, () -> renderer.render(NULLS));
    assertThat(failure.code()).isEqualTo(RowErrorCode.PROMPT_NULL);
    return String.valueOf(failure.getMessage());
  }

  private static RowErrorCode failure(
      PromptRenderer renderer, String column, @Nullable Object value) {
    return catchThrowableOfType(RowException.class, () -> renderer.render(row(column, value)))
        .code();
  }

  private static Map<String, @Nullable Object> row(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> row = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put((String) java.util.Objects.requireNonNull(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return row;
  }
}
