/** Checks of the manifests in {@code conf/kubernetes}. Start at {@link ManifestsTest}. */
@NullMarked
package io.nightshift.job.kubernetes;

import org.jspecify.annotations.NullMarked;
