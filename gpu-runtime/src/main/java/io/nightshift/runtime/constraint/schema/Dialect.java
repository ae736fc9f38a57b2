package io.nightshift.runtime.constraint.schema;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A version of JSON Schema. */
enum Dialect {
  DRAFT_4("http://json-schema.org/draft-04/schema"),
  DRAFT_6("http://json-schema.org/draft-06/schema"),
  DRAFT_7("http://json-schema.org/draft-07/schema"),
  DRAFT_2019_09("https://json-schema.org/draft/2019-09/schema"),
  DRAFT_2020_12("https://json-schema.org/draft/2020-12/schema");

  private final String uri;

  Dialect(String uri) {
    this.uri = uri;
  }

  /**
   * The dialect that {@code $schema} names.
   *
   * @throws SchemaException if it is none of these
   */
  static Dialect of(String schemaUri, String pointer) {
    String wanted = withoutScheme(schemaUri);
    for (Dialect dialect : values()) {
      if (withoutScheme(dialect.uri).equals(wanted)) {
        return dialect;
      }
    }
    throw new SchemaException(
        pointer,
        "the dialect %s is not supported; supported are %s"
            .formatted(
                schemaUri,
                Arrays.stream(values()).map(d -> d.uri).collect(Collectors.joining(", "))));
  }

  /** Many schemas have http for https or the other way round, with or without an empty fragment. */
  private static String withoutScheme(String uri) {
    return uri.replaceFirst("^https?://", "").replaceFirst("#$", "");
  }

  /** Whether {@code $ref} makes its siblings ineffective. */
  boolean referenceIsAlone() {
    return compareTo(DRAFT_7) <= 0;
  }

  /** The keyword that gives a schema its URI. */
  String idKeyword() {
    return this == DRAFT_4 ? "id" : "$id";
  }
}
