package io.nightshift.runtime.kvcache;

import io.nightshift.runtime.runner.BlockCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bookkeeping of the KV cache: which block belongs to which sequence, and which prompt prefixes are
 * cached. The keys and values themselves are in the memory of the model runner.
 *
 * <p>The scheduler calls {@link #beginStep} and {@link #endStep} for each step. Within a step,
 * {@link #admit} lets a sequence share full blocks that the same step fills, because a runner
 * writes all keys and values of a layer before any token attends. A match that ends inside a block
 * is copied, and only from blocks that an earlier step has filled.
 *
 * <p>Only prompts are inserted into the prefix tree. Blocks with output tokens are freed with their
 * sequence: in batch inference, no prompt contains the answer to another row. After its sequences
 * have finished, a prefix stays in the tree until its block is needed. The number of nodes is
 * therefore bounded by the number of blocks.
 */
public final class KvCache {

  private final int blockSize;
  private final int blockCount;
  private final BlockPool pool;
  private final PrefixTree tree;
  private final List<BlockCopy> copies = new ArrayList<>();
  private final List<PrefixNode> copySources = new ArrayList<>();
  private long step;
  private long nextNumber;

  public KvCache(int blockCount, int blockSize) {
    this.blockCount = blockCount;
    this.blockSize = blockSize;
    pool = new BlockPool(blockCount);
    tree = new PrefixTree(blockSize, pool::free);
  }

  public int blockSize() {
    return blockSize;
  }

  public int blockCount() {
    return blockCount;
  }

  /** Number of blocks for {@code tokens} tokens. */
  public int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }

  /** Number of blocks that are free, or hold prefixes that no sequence currently uses. */
  public int availableBlocks() {
    return pool.freeCount() + tree.unreferenced();
  }

  /** Number of free blocks. */
  public int freeBlocks() {
    return pool.freeCount();
  }

  /** Number of blocks of the prefix tree, whether currently used or not. */
  public int cachedBlocks() {
    return tree.size();
  }

  /** Returns an empty block table for a sequence with the usual rotary factors. */
  public BlockTable newTable() {
    return newTable(false);
  }

  /**
   * Returns an empty block table for a sequence.
   *
   * @param longContext whether the sequence has the rotary factors of long sequences: its keys
   *     differ from those of others with the same tokens, and are shared among such sequences only
   */
  public BlockTable newTable(boolean longContext) {
    return new BlockTable(tree.root(longContext));
  }

  /**
   * Begins a step.
   *
   * @param nextNumber number of the first waiting request, in planned order; prefixes that only
   *     earlier requests have used are evicted first
   */
  public void beginStep(long nextNumber) {
    step++;
    this.nextNumber = nextNumber;
  }

  /** Ends a step and returns the block copies that the runner must do at its beginning. */
  public List<BlockCopy> endStep() {
    List<BlockCopy> result = List.copyOf(copies);
    copies.clear();
    copySources.forEach(tree::release);
    copySources.clear();
    return result;
  }

  /**
   * Announces a waiting request, so that its cached prefix is evicted late.
   *
   * @param longContext see {@link #newTable(boolean)}
   * @param number number of the request, in planned order
   */
  public void expect(int[] tokens, int length, boolean longContext, long number) {
    PrefixMatch match = tree.match(tree.root(longContext), tokens, length - 1, step + 1);
    tree.use(match.partial() == null ? match.node() : match.partial(), number);
  }

  /**
   * Fills the empty block table of a sequence with the longest cached prefix of {@code tokens[0 ..
   * length - 1)}, and with free blocks up to {@code capacity} tokens. The last token is never taken
   * from the cache, because its logits are needed. Sources of copies are not evicted before the
   * step ends, so that no block is both source and target.
   *
   * @param capacity number of tokens that the table must have room for, at least {@code length}
   * @param spareBlocks number of blocks that must be available afterwards
   * @param number number of the request, in planned order
   * @return number of cached tokens; -1 if there are not enough blocks, in which case nothing has
   *     changed
   */
  public int admit(
      BlockTable table, int[] tokens, int length, int capacity, int spareBlocks, long number) {
    PrefixMatch match = tree.match(table.node, tokens, length - 1, step);
    tree.hold(match.node());
    int needed = blocksFor(capacity) - match.node().depth;
    int cached = match.node().depth * blockSize;
    PrefixNode partial = match.partial();
    if (partial != null) {
      tree.hold(partial);
      if (availableBlocks() < needed + spareBlocks) {
        // Holding the source of the copy needs one more block. Without room for it, do not copy.
        tree.release(partial);
        partial = null;
      }
    }
    if (availableBlocks() < needed + spareBlocks) {
      tree.release(match.node());
      return -1;
    }
    tree.use(partial == null ? match.node() : partial, number);
    table.node = match.node();
    addPath(table, match.node());
    grow(table, capacity);
    if (partial != null) {
      copySources.add(partial);
      copies.add(
          new BlockCopy(partial.block, table.get(match.node().depth), match.partialTokens()));
      cached += match.partialTokens();
    }
    return cached;
  }

  private void addPath(BlockTable table, PrefixNode node) {
    if (node.parent != null) {
      addPath(table, node.parent);
      table.add(node.block);
    }
  }

  /**
   * Adds blocks to a table until it has room for {@code capacity} tokens, and evicts unused
   * prefixes if necessary.
   *
   * @return false if there are not enough blocks, in which case nothing has changed
   */
  public boolean grow(BlockTable table, int capacity) {
    int missing = blocksFor(capacity) - table.size();
    if (missing > availableBlocks()) {
      return false;
    }
    for (int i = 0; i < missing; i++) {
      if (pool.freeCount() == 0) {
        tree.evict(nextNumber);
      }
      table.add(pool.allocate());
    }
    return true;
  }

  /**
   * Inserts the prompt blocks that this step fills into the tree, for the following sequences: all
   * full blocks, and the last block of the prompt even if it is not full.
   *
   * @param promptLength number of tokens of the prompt
   * @param computed number of context tokens that are computed at the end of this step
   * @param number number of the request, in planned order
   */
  public void insert(BlockTable table, int[] tokens, int promptLength, int computed, long number) {
    int end = Math.min(promptLength, computed);
    for (int from = table.node.depth * blockSize; from < end; from += blockSize) {
      int to = Math.min(from + blockSize, promptLength);
      if (to > end) {
        return;
      }
      PrefixNode child =
          tree.insert(
              table.node,
              Arrays.copyOfRange(tokens, from, to),
              table.get(table.node.depth),
              step,
              number);
      if (child == null) {
        // Another sequence was first. This block stays with its sequence, as do all after it.
        return;
      }
      table.node = child;
    }
  }

  /**
   * Removes the prompt blocks that a request has inserted from the tree, and all blocks that others
   * have inserted below them. No later request finds them. Sequences that hold them keep them.
   *
   * @param longContext see {@link #newTable(boolean)}
   * @param number number of the request, in planned order
   */
  public void discard(int[] tokens, int promptLength, boolean longContext, long number) {
    tree.detach(tree.root(longContext), tokens, promptLength, owner -> owner == number);
  }

  /**
   * Removes all blocks of a prompt from the tree, whichever request has inserted them.
   *
   * @param longContext see {@link #newTable(boolean)}
   */
  public void discardPrefix(int[] tokens, int promptLength, boolean longContext) {
    tree.detach(tree.root(longContext), tokens, promptLength, owner -> true);
  }

  /**
   * Frees the blocks that the table owns and releases those of the tree. The table is empty
   * afterwards.
   */
  public void release(BlockTable table) {
    for (int i = table.node.depth; i < table.size(); i++) {
      pool.free(table.get(i));
    }
    tree.release(table.node);
    table.clear();
  }
}
