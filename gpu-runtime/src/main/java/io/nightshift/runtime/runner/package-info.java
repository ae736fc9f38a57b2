/**
 * The contract between the engine and a device: the forward pass on ragged batches. Start at {@link
 * io.nightshift.runtime.runner.ModelRunner}.
 */
@NullMarked
package io.nightshift.runtime.runner;

import org.jspecify.annotations.NullMarked;
