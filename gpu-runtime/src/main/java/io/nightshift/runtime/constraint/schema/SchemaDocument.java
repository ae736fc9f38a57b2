package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A schema with everything in it that a reference can name. */
final class SchemaDocument {
  private static final URI UNNAMED = URI.create("schema:/unnamed");

  /** Keywords whose values are instances: an id in them is none. */
  private static final Set<String> INSTANCES = Set.of("enum", "const", "default", "examples");

  private final Subschema root;
  private final Map<String, Subschema> byUri = new HashMap<>();
  private final Map<String, Integer> dynamicAnchors = new HashMap<>();
  private boolean hasUnevaluatedProperties;

  SchemaDocument(JsonNode json) {
    root = new Subschema(json, "", Dialect.DRAFT_2020_12, UNNAMED).entered();
    byUri.put(UNNAMED.toString(), root);
    index(root, true, false);
  }

  Subschema root() {
    return root;
  }

  /** Whether some schema of the document has {@code unevaluatedProperties}. */
  boolean hasUnevaluatedProperties() {
    return hasUnevaluatedProperties;
  }

  /**
   * @param isSchema whether this is where the specification knows a schema. Others can be referred
   *     to by their place only: what looks like a name in them is none
   * @param named whether the members are schemas by name
   */
  private void index(Subschema schema, boolean isSchema, boolean named) {
    JsonNode json = schema.json();
    if (isSchema && !named) {
      addNames(schema);
    }
    countDynamicAnchors(json);
    hasUnevaluatedProperties |= json.has("unevaluatedProperties");
    if (json.isObject()) {
      json.fieldNames()
          .forEachRemaining(
              name -> {
                if (named) {
                  index(schema.child(name), isSchema, false);
                } else if (!INSTANCES.contains(name)) {
                  boolean known = isSchema && SchemaKeywords.hasSchemas(name);
                  index(schema.child(name), known, SchemaKeywords.NAMED.contains(name));
                }
              });
    } else if (json.isArray()) {
      for (int i = 0; i < json.size(); i++) {
        index(schema.child(Integer.toString(i)), isSchema, false);
      }
    }
  }

  private void addNames(Subschema schema) {
    JsonNode id = schema.json().path(schema.dialect().idKeyword());
    if (id.isTextual()) {
      addName(schema, id.textValue());
    } else if (schema == root) {
      byUri.put(schema.base().toString(), schema);
    }
    addAnchor(schema, "$anchor");
    addAnchor(schema, "$dynamicAnchor");
  }

  /** In older drafts, an id that is a fragment is an anchor. */
  private void addName(Subschema schema, String id) {
    byUri.putIfAbsent(id.startsWith("#") ? schema.base() + id : schema.base().toString(), schema);
  }

  private void addAnchor(Subschema schema, String keyword) {
    JsonNode anchor = schema.json().path(keyword);
    if (anchor.isTextual()) {
      byUri.putIfAbsent(schema.base() + "#" + anchor.textValue(), schema);
    }
  }

  private void countDynamicAnchors(JsonNode json) {
    JsonNode anchor = json.path("$dynamicAnchor");
    if (anchor.isTextual()) {
      dynamicAnchors.merge("#" + anchor.textValue(), 1, Integer::sum);
    }
    if (json.path("$recursiveAnchor").asBoolean()) {
      dynamicAnchors.merge("#", 1, Integer::sum);
    }
  }

  /**
   * The schema that a {@code $dynamicRef} or {@code $recursiveRef} names. Which one that is depends
   * on the way to it, but not if the document has only one that it can be.
   *
   * @throws SchemaException if it has more, or none
   */
  Subschema resolveDynamic(Subschema from, String keyword) {
    Subschema target = resolve(from, keyword);
    String reference = from.json().path(keyword).textValue();
    String anchor = reference.substring(Math.max(0, reference.indexOf('#')));
    if (dynamicAnchors.getOrDefault(anchor, 0) > 1) {
      throw from.error(
          keyword,
          "several schemas here have the dynamic anchor %s, and which one is meant is not followed: use $ref"
              .formatted(anchor));
    }
    return target;
  }

  /**
   * The schema that a reference names.
   *
   * @param keyword {@code $ref} or the like
   * @throws SchemaException if there is none in this document
   */
  Subschema resolve(Subschema from, String keyword) {
    JsonNode reference = from.json().path(keyword);
    if (!reference.isTextual()) {
      throw from.error(keyword, "must be a string");
    }
    String text = reference.textValue();
    URI uri = Uris.resolve(from.base(), text);
    if (uri == null) {
      throw from.error(keyword, "%s is no URI".formatted(text));
    }
    Subschema resource = byUri.get(uri.toString());
    if (resource == null) {
      throw from.error(
          keyword,
          "%s is not part of this schema, and schemas are not fetched: put it into $defs"
              .formatted(text));
    }
    Subschema target = find(resource, uri, Uris.fragment(text));
    if (target == null || target.json().isMissingNode()) {
      throw from.error(keyword, "there is no %s in this schema".formatted(text));
    }
    return target;
  }

  private @Nullable Subschema find(Subschema resource, URI uri, String fragment) {
    if (fragment.isEmpty()) {
      return resource;
    }
    return fragment.startsWith("/") ? follow(resource, fragment) : byUri.get(uri + "#" + fragment);
  }

  private static @Nullable Subschema follow(Subschema resource, String pointer) {
    Subschema at = resource;
    for (String token : pointer.substring(1).split("/", -1)) {
      String key = token.replace("~1", "/").replace("~0", "~");
      if (at.json().isArray() && !key.matches("0|[1-9][0-9]{0,8}")) {
        return null;
      }
      at = at.child(key);
    }
    return at;
  }
}
