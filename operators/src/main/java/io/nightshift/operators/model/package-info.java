/**
 * Access of tasks to the job's model. Start at {@link io.nightshift.operators.model.ModelSource}.
 */
@NullMarked
package io.nightshift.operators.model;

import org.jspecify.annotations.NullMarked;
