package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.runner.BlockCopy;
import java.util.List;

/** What one step computes: chunks of prompts, single tokens of decodes, and the block copies. */
public record SchedulerOutput(List<ScheduledSequence> sequences, List<BlockCopy> copies) {}
