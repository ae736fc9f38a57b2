package io.nightshift.operators.render;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Takes the conversations of rows from a column: lists of structs with {@code role}, {@code
 * content} and other fields for the chat template, such as {@code name}. Fields that are null are
 * left out.
 */
public final class MessagesColumn {
  private static final String ROLE = "role";
  private static final String CONTENT = "content";
  private static final String TOOL_CALLS = "tool_calls";

  private final String column;

  /**
   * @param column its name
   */
  MessagesColumn(String column) {
    this.column = column;
  }

  /**
   * Checks the type of the column.
   *
   * @throws IllegalArgumentException if conversations cannot be of this type
   */
  public static void requireType(Field column) {
    if (column.getType() instanceof ArrowType.Null) {
      return; // all rows will have an error
    }
    Field element = column.getChildren().isEmpty() ? column : column.getChildren().get(0);
    Set<ArrowType.ArrowTypeID> lists =
        Set.of(
            ArrowType.ArrowTypeID.List,
            ArrowType.ArrowTypeID.LargeList,
            ArrowType.ArrowTypeID.FixedSizeList);
    boolean texts =
        lists.contains(column.getType().getTypeID())
            && element.getType() instanceof ArrowType.Struct
            && isText(element, ROLE)
            && isText(element, CONTENT);
    if (!texts) {
      throw new IllegalArgumentException(
          "prompt.messages names the column %s, which is %s: it must be a list of structs with the texts role and content"
              .formatted(column.getName(), column));
    }
  }

  private static boolean isText(Field struct, String name) {
    return struct.getChildren().stream()
        .filter(field -> field.getName().equals(name))
        .map(Field::getType)
        .anyMatch(type -> type instanceof ArrowType.Utf8 || type instanceof ArrowType.LargeUtf8);
  }

  /**
   * The messages of a row.
   *
   * @throws RowException naming the element that is wrong
   */
  List<Map<String, @Nullable Object>> messages(Map<String, @Nullable Object> row)
      throws RowException {
    if (!(row.get(column) instanceof List<?> elements)) {
      throw new RowException(RowErrorCode.PROMPT_NULL, column + " is null");
    }
    if (elements.isEmpty()) {
      throw new RowException(RowErrorCode.PROMPT_EMPTY, column + " has no messages");
    }
    List<Map<String, @Nullable Object>> messages = new ArrayList<>();
    for (Object element : elements) {
      messages.add(message("%s[%s]".formatted(column, messages.size()), element));
    }
    if (messages.stream().allMatch(MessagesColumn::isBlank)) {
      throw new RowException(RowErrorCode.PROMPT_EMPTY, "all messages of " + column + " are blank");
    }
    return messages;
  }

  private static Map<String, @Nullable Object> message(String name, @Nullable Object element)
      throws RowException {
    if (!(element instanceof Map<?, ?> struct)) {
      throw new RowException(RowErrorCode.PROMPT_NULL, name + " is null");
    }
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    struct.forEach(
        (field, value) -> {
          if (value != null) {
            message.put((String) field, value);
          }
        });
    MessageRole role = role(name, message.get(ROLE));
    if (!message.containsKey(CONTENT) && !message.containsKey(TOOL_CALLS)) {
      throw new RowException(RowErrorCode.PROMPT_NULL, name + ".content is null");
    }
    message.put(ROLE, role.text());
    return message;
  }

  private static boolean isBlank(Map<String, @Nullable Object> message) {
    return message.get(CONTENT) instanceof String text && text.isBlank();
  }

  private static MessageRole role(String name, @Nullable Object written) throws RowException {
    return MessageRole.of(String.valueOf(written))
        .orElseThrow(
            () ->
                new RowException(
                    RowErrorCode.INVALID_VALUE,
                    "%s.role is %s, but must be one of %s"
                        .formatted(
                            name,
                            written == null ? "null" : '"' + written.toString() + '"',
                            MessageRole.known())));
  }
}
