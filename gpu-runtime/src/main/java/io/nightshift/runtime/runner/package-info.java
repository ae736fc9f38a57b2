/**
 * Interface between the engine and a device: the forward pass on ragged batches. Start at {@link
 * io.nightshift.runtime.runner.ModelRunner}.
 *
 * <p>The engine and its scheduler call it, the device packages {@code cpu} and {@code cuda}
 * implement it.
 */
@NullMarked
package io.nightshift.runtime.runner;

import org.jspecify.annotations.NullMarked;
