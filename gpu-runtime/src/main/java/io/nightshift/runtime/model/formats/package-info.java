/**
 * Opens a model whatever its format. Start at {@link
 * io.nightshift.runtime.model.formats.ModelFormats}.
 */
@NullMarked
package io.nightshift.runtime.model.formats;

import org.jspecify.annotations.NullMarked;
