package io.nightshift.runtime.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IneffectiveKeywordsTest {

  @Test
  void areNamedWithTheirPlace() {
    assertThat(
            JsonSchema.ineffectiveKeywords(
                """
                {
                  "$defs": {"minLenght": {"type": "string", "minLenght": 3}},
                  "properties": {
                    "when": {"format": "datetime", "x-order": 1, "default": {"typ": 1}},
                    "typ": {"items": [{"maxlength": 3}], "enum": [{"typo": 1}]}
                  },
                  "anyOf": [true, {"nullable": true}]
                }
                """))
        .containsExactly(
            "#/$defs/minLenght/minLenght: minLenght is no keyword of JSON Schema, and has no effect",
            "#/properties/when/format: datetime is no format that JSON Schema defines, and has no"
                + " effect",
            "#/properties/typ/items/0/maxlength: maxlength is no keyword of JSON Schema, and has no"
                + " effect",
            "#/anyOf/1/nullable: nullable is no keyword of JSON Schema, and has no effect");
  }

  @Test
  void areNotWhatTheSpecificationDefines() {
    assertThat(
            JsonSchema.ineffectiveKeywords(
                """
                {"title": "t", "description": "d", "format": "date", "examples": [{"a": 1}], "type": "string"}
                """))
        .isEmpty();
  }
}
