/**
 * The program's entry: {@link io.nightshift.job.Nightshift}, which {@code bin/nightshift}, {@code
 * flink run} and the jar's manifest name. Nothing depends on it.
 *
 * <p>Dependencies run one way: {@code cli} parses a command and calls {@code pipeline}, {@code
 * bench} or {@code draft}; {@code pipeline} combines the Flink jobs of {@code topology} with the
 * bookkeeping of {@code run}; all of them use {@code progress}, {@code options}, {@code hub} and
 * {@code storage}.
 */
@NullMarked
package io.nightshift.job;

import org.jspecify.annotations.NullMarked;
