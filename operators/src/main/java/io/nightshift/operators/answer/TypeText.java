package io.nightshift.operators.answer;

import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Types of {@link AnswerType} as people write them: {@code struct<name string, size long>}. */
public final class TypeText {
  private TypeText() {}

  /** The type of a field, without its name and whether it is nullable. */
  public static String of(Field field) {
    ArrowType type = field.getType();
    if (type instanceof ArrowType.Struct) {
      return field.getChildren().stream()
          .map(child -> child.getName() + " " + orNull(child))
          .collect(Collectors.joining(", ", "struct<", ">"));
    }
    if (type instanceof ArrowType.List) {
      return "list<" + orNull(field.getChildren().get(0)) + ">";
    }
    if (type instanceof ArrowType.Map) {
      return "map<string, " + orNull(field.getChildren().get(0).getChildren().get(1)) + ">";
    }
    if (type instanceof ArrowType.Int) {
      return "long";
    }
    if (type instanceof ArrowType.FloatingPoint) {
      return "double";
    }
    if (type instanceof ArrowType.Bool) {
      return "boolean";
    }
    return AnswerType.isJson(field) ? "json" : "string";
  }

  private static String orNull(Field field) {
    return of(field) + (field.isNullable() ? " or null" : "");
  }
}
