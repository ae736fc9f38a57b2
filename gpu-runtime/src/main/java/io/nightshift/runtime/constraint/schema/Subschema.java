package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;

/**
 * A schema within a document.
 *
 * @param json the schema: an object or a boolean
 * @param pointer JSON pointer from the root of the document
 * @param dialect how its keywords are read
 * @param base URI that its references are relative to
 */
record Subschema(JsonNode json, String pointer, Dialect dialect, URI base) {

  /** The value of a keyword, or of a member or item of a keyword's value. */
  Subschema child(String key) {
    JsonNode child = json.isArray() ? json.path(Integer.parseInt(key)) : json.path(key);
    String childPointer = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    return new Subschema(child, childPointer, dialect, base).entered();
  }

  /** This schema with the dialect and the base URI that it declares itself. */
  Subschema entered() {
    JsonNode declared = json.path("$schema");
    Dialect own = declared.isTextual() ? Dialect.of(declared.textValue(), pointer) : dialect;
    JsonNode id = json.path(own.idKeyword());
    URI ownBase = id.isTextual() ? Uris.resolve(base, id.textValue()) : base;
    return new Subschema(json, pointer, own, ownBase == null ? base : ownBase);
  }

  /** An error at a keyword of this schema. */
  SchemaException error(String keyword, String message) {
    return new SchemaException(pointer + "/" + keyword, message);
  }

  /** An error of this schema. */
  SchemaException error(String message) {
    return new SchemaException(pointer, message);
  }
}
