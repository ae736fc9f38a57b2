/**
 * Opens models of all supported formats. {@link io.nightshift.runtime.model.formats.ModelFormats}
 * is the entry class for the rest of the project.
 */
@NullMarked
package io.nightshift.runtime.model.formats;

import org.jspecify.annotations.NullMarked;
