package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.kvcache.StepCopies;
import java.util.List;

/** One step: chunks of prefills, single tokens of decodes, and block copies. */
public record SchedulerOutput(List<ScheduledSequence> sequences, StepCopies copies) {}
