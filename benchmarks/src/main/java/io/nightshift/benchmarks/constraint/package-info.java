/**
 * Measurements of constraints on files of schemas and instances. Start at {@link
 * io.nightshift.benchmarks.constraint.MaskBench}.
 */
@NullMarked
package io.nightshift.benchmarks.constraint;

import org.jspecify.annotations.NullMarked;
