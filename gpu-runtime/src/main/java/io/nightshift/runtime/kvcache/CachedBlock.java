package io.nightshift.runtime.kvcache;

/** The block of a node of the prefix tree in one group. The tree owns it. */
final class CachedBlock {

  final PrefixNode node;
  final int block;

  /** Number of the request that computes the block. */
  final long owner;

  /** Number of sequences that hold the block. */
  int references;

  /** Number of the last request that is known to use the block. */
  long lastUse;

  /** A block of a node, held by the request that computes it. */
  CachedBlock(PrefixNode node, int block, long owner) {
    this.node = node;
    this.block = block;
    this.owner = owner;
    this.lastUse = owner;
    this.references = 1;
  }
}
