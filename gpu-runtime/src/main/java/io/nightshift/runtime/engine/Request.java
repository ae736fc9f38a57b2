package io.nightshift.runtime.engine;

import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Optional;

/**
 * A prompt to be answered.
 *
 * @param id the caller's name for it; comes back in the {@link Completion}
 * @param promptTokens token ids, not to be changed until the answer is there. A prompt that cannot
 *     be answered (empty, too long) comes back as a completion with an error
 * @param sampling how tokens are chosen and when to stop
 * @param choices if present, the answer is one of these, scored and not sampled; {@code sampling}
 *     is then not used
 */
public record Request(
    long id, int[] promptTokens, SamplingParameters sampling, Optional<Choices> choices) {}
