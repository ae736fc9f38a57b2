/**
 * Arrow schemas: names for added columns, the common type of a column of several files, and what a
 * field's metadata says. Start at {@link io.nightshift.connectors.arrow.schema.FieldMerge}. Depends
 * on no other package of the project; any package above may use it.
 */
@NullMarked
package io.nightshift.connectors.arrow.schema;

import org.jspecify.annotations.NullMarked;
