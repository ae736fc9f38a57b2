/**
 * The formats of JSON Schema as languages. Start at {@link
 * io.nightshift.runtime.constraint.schema.format.StringFormats}.
 */
@NullMarked
package io.nightshift.runtime.constraint.schema.format;

import org.jspecify.annotations.NullMarked;
