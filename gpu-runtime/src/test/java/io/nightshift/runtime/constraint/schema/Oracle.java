package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an independent implementation of JSON Schema says, with {@code format} as an assertion. */
final class Oracle {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .nodeFactory(new ExactIntegers())
          .build();

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .formatAssertionsEnabled(true)
          .regularExpressionFactory(
              pattern -> {
                Pattern compiled = Pattern.compile(ecmaScript(pattern));
                return value -> compiled.matcher(value).find();
              })
          .build();

  private final Schema schema;

  /** Makes integers that the validator compares exactly. */
  private static final class ExactIntegers extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public NumericNode numberNode(long value) {
      return new ExactInteger(BigInteger.valueOf(value));
    }

    @Override
    public ValueNode numberNode(BigInteger value) {
      return new ExactInteger(value);
    }
  }

  /**
   * Multiples are computed with doubles unless a number is a decimal, and bounds with longs unless
   * it is a large integer, so this is both.
   */
  private static final class ExactInteger extends DecimalNode {
    private static final long serialVersionUID = 1L;

    ExactInteger(BigInteger value) {
      super(new BigDecimal(value));
    }

    @Override
    public boolean isIntegralNumber() {
      return true;
    }

    @Override
    public boolean isBigInteger() {
      return true;
    }
  }

  Oracle(String schema) {
    // A registry keeps what it has seen by id, so each schema gets its own.
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(CONFIG));
    this.schema = registry.getSchema(parse(schema));
  }

  boolean isValid(String instance) {
    return isValid(parse(instance));
  }

  boolean isValid(JsonNode instance) {
    return schema.validate(instance).isEmpty();
  }

  /** In Java, $ matches before a newline at the end too, and . does not match U+0085. */
  private static String ecmaScript(String pattern) {
    String end = Matcher.quoteReplacement("\\z");
    String character = Matcher.quoteReplacement("[^\\n\\r\\x{2028}\\x{2029}]");
    return pattern.replaceAll("(?<!\\\\)\\$", end).replaceAll("(?<!\\\\)\\.", character);
  }

  /** Reads JSON strictly, numbers exactly. */
  static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + json, e);
    }
  }
}
