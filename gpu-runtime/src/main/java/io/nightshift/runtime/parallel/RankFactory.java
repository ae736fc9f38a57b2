package io.nightshift.runtime.parallel;

import io.nightshift.runtime.runner.ModelRunner;

/** Creates the runners of ranks. */
@FunctionalInterface
public interface RankFactory {

  /**
   * Creates the runner of a rank, on the rank's own thread, which is the only one to use and to
   * close it. All ranks are created at the same time. Their runners must have the same block
   * groups, step limits and sampling ({@link RankContext} lets them agree), and differ in their
   * shard only.
   */
  ModelRunner create(RankContext context);
}
