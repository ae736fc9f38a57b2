package io.nightshift.operators.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads what the answer conforms to: {@code response_format} of OpenAI, or {@code
 * structured_outputs} of vLLM.
 *
 * @param check of the constraints
 */
record AnswerFormat(ConstraintCheck check) {
  private static final String RESPONSE_FORMAT = "response_format";
  private static final String STRUCTURED_OUTPUTS = "structured_outputs";

  /** The characters that mean something in a regular expression. */
  private static final Pattern SYNTAX = Pattern.compile("[\\^$.*+?()\\[\\]{}|/\\\\]");

  private static final String ANY_OBJECT = "{\"type\":\"object\"}";

  Optional<ConstraintSpecification> read(BodyFields body) throws BodyException {
    Optional<BodyFields> format = body.object(RESPONSE_FORMAT);
    Optional<BodyFields> structured = body.object(STRUCTURED_OUTPUTS);
    Optional<ConstraintSpecification> constraint =
        format.isPresent() ? responseFormat(format.get()) : Optional.empty();
    if (structured.isEmpty()) {
      return constraint;
    }
    if (constraint.isPresent()) {
      throw BodyException.unsupported(
          STRUCTURED_OUTPUTS, "response_format says what the answer is; remove one of them");
    }
    return Optional.of(structuredOutputs(structured.get()));
  }

  private Optional<ConstraintSpecification> responseFormat(BodyFields format) throws BodyException {
    String type = format.requireText("type");
    Optional<ConstraintSpecification> constraint =
        switch (type) {
          case "text" -> Optional.empty();
          case "json_object" -> Optional.of(schema(format.name("type"), ANY_OBJECT));
          case "json_schema" -> Optional.of(jsonSchema(format));
          default ->
              throw BodyException.unsupported(
                  format.name("type"), "use text, json_object or json_schema, not " + type);
        };
    format.requireAllRead("it has type, and json_schema with that type");
    return constraint;
  }

  /** A schema is always enforced, so that {@code strict} makes no difference. */
  private ConstraintSpecification jsonSchema(BodyFields format) throws BodyException {
    format.require("json_schema");
    BodyFields schema = format.object("json_schema").orElseThrow();
    schema.text("name");
    schema.text("description");
    schema.flag("strict", true);
    JsonNode text = schema.require("schema");
    schema.requireAllRead("it has name, description, strict and schema");
    return schema(schema.name("schema"), text.toString());
  }

  private ConstraintSpecification structuredOutputs(BodyFields outputs) throws BodyException {
    List<ConstraintSpecification> given = new ArrayList<>();
    Optional<JsonNode> json = outputs.find("json");
    if (json.isPresent()) {
      String text = json.get().isTextual() ? json.get().textValue() : json.get().toString();
      given.add(schema(outputs.name("json"), text));
    }
    Optional<String> regex = outputs.text("regex");
    if (regex.isPresent()) {
      given.add(regex(outputs.name("regex"), regex.get()));
    }
    Optional<List<String>> choice = outputs.texts("choice");
    if (choice.isPresent()) {
      given.add(regex(outputs.name("choice"), oneOf(choice.get())));
    }
    if (outputs.flag("json_object", false)) {
      given.add(schema(outputs.name("json_object"), ANY_OBJECT));
    }
    outputs.requireAllRead("use json, regex, choice or json_object");
    if (given.size() != 1) {
      throw BodyException.invalidValue(
          STRUCTURED_OUTPUTS, "has to have one of json, regex, choice and json_object");
    }
    return given.get(0);
  }

  private static String oneOf(List<String> texts) {
    return String.join(
        "|", texts.stream().map(text -> SYNTAX.matcher(text).replaceAll("\\\\$0")).toList());
  }

  private ConstraintSpecification schema(String name, String text) throws BodyException {
    return check.check(name, new ConstraintSpecification.JsonSchema(text, true));
  }

  private ConstraintSpecification regex(String name, String pattern) throws BodyException {
    return check.check(name, new ConstraintSpecification.Regex(pattern));
  }
}
