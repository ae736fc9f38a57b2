package io.nightshift.job.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ArrowTypeID;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** A column with the texts that it has, itself or in the fields of its structs. */
final class SampledColumn {
  private static final String BYTES = "bytes";

  private final Field field;
  private final List<SampledText> texts = new ArrayList<>();
  private int values;
  private long size;

  SampledColumn(Field field) {
    this.field = field;
    findTexts(field, new SampledText(List.of(field.getName())));
  }

  private void findTexts(Field at, SampledText text) {
    if (isText(at)) {
      texts.add(text);
    } else if (at.getType() instanceof ArrowType.Struct) {
      at.getChildren().forEach(child -> findTexts(child, text.child(child.getName())));
    }
  }

  private static boolean isText(Field field) {
    ArrowTypeID type = field.getType().getTypeID();
    return type == ArrowTypeID.Utf8 || type == ArrowTypeID.LargeUtf8;
  }

  /** Takes a value of the sample, which is as templates see it. */
  void add(@Nullable Object value) {
    if (value != null) {
      values++;
      size += sizeOf(value);
    }
    for (SampledText text : texts) {
      @Nullable Object found = value;
      for (String name : text.path().subList(1, text.path().size())) {
        found = found instanceof Map<?, ?> struct ? struct.get(name) : null;
      }
      if (found == null) {
        text.addNull();
      } else {
        text.add(Objects.toString(found));
      }
    }
  }

  private static long sizeOf(@Nullable Object value) {
    if (value instanceof String text) {
      return text.codePointCount(0, text.length());
    } else if (value instanceof byte[] bytes) {
      return bytes.length;
    } else if (value instanceof Map<?, ?> members) {
      return members.values().stream().mapToLong(SampledColumn::sizeOf).sum();
    } else if (value instanceof List<?> elements) {
      return elements.stream().mapToLong(element -> Math.max(1, sizeOf(element))).sum();
    }
    return 0;
  }

  /**
   * Mean over the values of their characters and bytes, in lists also of other elements; 0 if the
   * sample has no value.
   */
  long meanSize() {
    return values == 0 ? 0 : Math.round((double) size / values);
  }

  String name() {
    return field.getName();
  }

  List<SampledText> texts() {
    return texts;
  }

  /** Whether there are bytes in the values, which have no text. */
  boolean hasBytes() {
    return hasBytes(field);
  }

  boolean hasIntervals() {
    return hasIntervals(field);
  }

  private static boolean hasBytes(Field field) {
    return type(field).equals(BYTES)
        || field.getChildren().stream().anyMatch(SampledColumn::hasBytes);
  }

  private static boolean hasIntervals(Field field) {
    return field.getType().getTypeID() == ArrowTypeID.Interval
        || field.getChildren().stream().anyMatch(SampledColumn::hasIntervals);
  }

  boolean isNested() {
    return field.getType().isComplex();
  }

  /** The type in words. */
  String type() {
    return type(field);
  }

  private static String type(Field field) {
    return switch (field.getType().getTypeID()) {
      case Utf8, LargeUtf8 -> "text";
      case Int -> "integer";
      case FloatingPoint -> "float";
      case Decimal -> "decimal";
      case Bool -> "boolean";
      case Binary, LargeBinary, FixedSizeBinary -> BYTES;
      case List, LargeList, FixedSizeList -> "list of " + type(field.getChildren().get(0));
      case Map -> "map";
      case Struct -> "struct";
      default -> field.getType().getTypeID().name().toLowerCase(Locale.ROOT);
    };
  }
}
