/**
 * Looks at the answers of the example job {@code examples/packages/job.yaml}. Start at {@link
 * io.nightshift.examples.packages.ShowAnswers}.
 */
@NullMarked
package io.nightshift.examples.packages;

import org.jspecify.annotations.NullMarked;
