/**
 * What every model runner must do, as tests. Start at {@link
 * io.nightshift.runtime.runner.ModelRunnerContract}.
 */
@NullMarked
package io.nightshift.runtime.runner;

import org.jspecify.annotations.NullMarked;
