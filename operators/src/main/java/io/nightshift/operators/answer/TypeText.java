package io.nightshift.operators.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.commons.lang3.StringUtils;

/** Types of {@link AnswerType} as people write them: {@code struct<name string, size long>}. */
public final class TypeText {
  private static final String INDENT = "  ";
  private static final String OR_NULL = " or null";

  private TypeText() {}

  /** The type of a field, without its name and whether it is nullable. */
  public static String of(Field field) {
    return field.getType() instanceof ArrowType.Struct
        ? field.getChildren().stream()
            .map(child -> child.getName() + " " + orNull(child, TypeText::of))
            .collect(Collectors.joining(", ", "struct<", ">"))
        : text(field, TypeText::of);
  }

  /**
   * The type of an answer, with a line for each field: the fields of a struct are below it,
   * indented.
   */
  public static List<String> lines(Field answer) {
    List<String> lines = new ArrayList<>();
    if (!(answer.getType() instanceof ArrowType.Struct)) {
      lines.add(head(answer));
    }
    addFields(structIn(answer), lines.isEmpty() ? "" : INDENT, lines);
    return lines;
  }

  private static void addFields(List<Field> fields, String indent, List<String> lines) {
    int width = fields.stream().mapToInt(field -> field.getName().length()).max().orElse(0);
    for (Field field : fields) {
      lines.add(
          indent
              + StringUtils.rightPad(field.getName(), width)
              + INDENT
              + orNull(field, TypeText::head));
      addFields(structIn(field), indent + INDENT, lines);
    }
  }

  /** The fields of the struct that a type is, or has inside of lists and maps. */
  private static List<Field> structIn(Field field) {
    return field.getType() instanceof ArrowType.Struct
        ? field.getChildren()
        : element(field).map(TypeText::structIn).orElse(List.of());
  }

  /** A type without the fields of its structs. */
  private static String head(Field field) {
    return field.getType() instanceof ArrowType.Struct ? "struct" : text(field, TypeText::head);
  }

  /** What a list or a map has inside. */
  private static Optional<Field> element(Field field) {
    if (field.getType() instanceof ArrowType.List) {
      return Optional.of(field.getChildren().get(0));
    }
    return field.getType() instanceof ArrowType.Map
        ? Optional.of(field.getChildren().get(0).getChildren().get(1))
        : Optional.empty();
  }

  private static String text(Field field, Function<Field, String> inner) {
    ArrowType type = field.getType();
    if (element(field).isPresent()) {
      String name = type instanceof ArrowType.List ? "list<" : "map<string, ";
      return name + orNull(element(field).get(), inner) + ">";
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
    return Shape.isJson(field) ? "json" : "string";
  }

  private static String orNull(Field field, Function<Field, String> type) {
    return type.apply(field) + (field.isNullable() ? OR_NULL : "");
  }
}
