package io.nightshift.operators.answer;

import static io.nightshift.operators.answer.Grammars.FALSE;
import static io.nightshift.operators.answer.Grammars.INTEGER;
import static io.nightshift.operators.answer.Grammars.NULL;
import static io.nightshift.operators.answer.Grammars.NUMBER;
import static io.nightshift.operators.answer.Grammars.STRING;
import static io.nightshift.operators.answer.Grammars.TRUE;
import static io.nightshift.operators.answer.Grammars.array;
import static io.nightshift.operators.answer.Grammars.integers;
import static io.nightshift.operators.answer.Grammars.object;
import static io.nightshift.operators.answer.Grammars.open;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random grammars, and random documents that they allow. */
final class RandomAnswers {
  private static final JsonNodeFactory JSON = new JsonNodeFactory(true);
  private static final Alternative DIGIT = integers("[0-9]");
  private static final List<Alternative> SCALARS =
      List.of(STRING, NUMBER, INTEGER, DIGIT, TRUE, NULL);
  private static final String[] NAMES = {"a", "b.c", "naïve 名", "id", "x"};
  private static final String[] STRINGS = {"", "plain", "\"\\\n\t\u0001", "naïve 名 😀", "null"};

  private final Random random;

  RandomAnswers(long seed) {
    random = new Random(seed);
  }

  ValueRule rule(int depth) {
    Grammars.Rule rule = new Grammars.Rule();
    int alternatives = 1 + (random.nextInt(3) == 0 ? random.nextInt(3) : 0);
    for (int i = 0; i < alternatives; i++) {
      rule.add(alternative(depth));
    }
    return rule;
  }

  private Alternative alternative(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(5)) {
      case 1 -> array(rule(depth - 1));
      case 2 -> array(rule(depth - 1), rule(depth - 1));
      case 3 -> open("[a-z]{1,2}", rule(depth - 1));
      case 4 -> properties(depth);
      default -> random.nextInt(5) == 0 ? FALSE : SCALARS.get(random.nextInt(SCALARS.size()));
    };
  }

  private ObjectAlternative properties(int depth) {
    List<ObjectAlternative.Property> properties = new ArrayList<>();
    for (String name : NAMES) {
      if (random.nextBoolean()) {
        properties.add(new ObjectAlternative.Property(name, rule(depth - 1), random.nextBoolean()));
      }
    }
    ObjectAlternative.Property[] all = properties.toArray(ObjectAlternative.Property[]::new);
    return random.nextBoolean() ? object(all) : open("[p-z]{3}|y", rule(depth - 1), all);
  }

  JsonNode document(ValueRule rule) {
    List<Alternative> alternatives = rule.alternatives();
    Alternative alternative = alternatives.get(random.nextInt(alternatives.size()));
    if (alternative instanceof LiteralAlternative literal) {
      return literal.text().equals("null")
          ? JSON.nullNode()
          : JSON.booleanNode(literal.text().equals("true"));
    }
    if (alternative instanceof StringAlternative) {
      return JSON.textNode(STRINGS[random.nextInt(STRINGS.length)]);
    }
    if (alternative instanceof NumberAlternative number) {
      return number(number);
    }
    return alternative instanceof ArrayAlternative items
        ? items(items)
        : members((ObjectAlternative) alternative);
  }

  private JsonNode number(NumberAlternative number) {
    if (number == DIGIT) {
      return JSON.numberNode(random.nextInt(10));
    }
    BigInteger digits = new BigInteger(random.nextInt(90), random);
    return number.integer()
        ? JSON.numberNode(random.nextBoolean() ? digits : digits.negate())
        : JSON.numberNode(new BigDecimal(digits, random.nextInt(5)));
  }

  private JsonNode items(ArrayAlternative items) {
    ArrayNode array = JSON.arrayNode();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      boolean first = i < items.prefix().size();
      array.add(document((first ? items.prefix().get(i) : items.rest()).matching()));
    }
    return array;
  }

  private JsonNode members(ObjectAlternative members) {
    ObjectNode object = JSON.objectNode();
    for (ObjectAlternative.Property property : members.properties()) {
      if (property.required() || random.nextBoolean()) {
        object.set(property.name(), document(property.value()));
      }
    }
    for (ObjectAlternative.Additional additional : members.additional()) {
      String[] names =
          members.properties().isEmpty() ? new String[] {"k", "v"} : new String[] {"y", "pqr"};
      for (String name : names) {
        if (random.nextBoolean()) {
          object.set(name, document(additional.value()));
        }
      }
    }
    return object;
  }
}
