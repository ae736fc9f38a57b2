package io.nightshift.runtime.kvcache;

import io.nightshift.runtime.runner.BlockCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The book-keeping of the KV cache: which block belongs to which sequence, and which prefixes of
 * prompts are in it. Pure book-keeping; the contents are the model runner's.
 *
 * <p>A step of the scheduler lies between {@link #beginStep} and {@link #endStep}. Within it,
 * {@link #admit} lets a sequence share whole blocks that the same step fills, because a runner
 * writes all keys and values of a layer before any token attends; a match that ends inside a block
 * is copied, and only from blocks that an earlier step has filled.
 *
 * <p>Only prompts go into the prefix tree. Blocks that hold output tokens are freed with their
 * sequence: another row asks for them only if its prompt contains this row's answer, which batch
 * inference does not do. A prefix stays in the tree after its sequences are gone until its block is
 * needed, so the tree has never more nodes than there are blocks, however many rows go by.
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

  /** Blocks that {@code tokens} tokens take. */
  public int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }

  /** Blocks that are free, or hold only prefixes that no sequence uses at present. */
  public int availableBlocks() {
    return pool.freeCount() + tree.unreferenced();
  }

  /** Blocks that hold nothing. */
  public int freeBlocks() {
    return pool.freeCount();
  }

  /** Blocks of the prefix tree, used at present or not. */
  public int cachedBlocks() {
    return tree.size();
  }

  /** An empty block table for a sequence. */
  public BlockTable newTable() {
    return new BlockTable(tree.root());
  }

  /**
   * Begins a step.
   *
   * @param nextNumber number of the first waiting request, in planned order; what only requests
   *     before it have used is evicted first
   */
  public void beginStep(long nextNumber) {
    step++;
    this.nextNumber = nextNumber;
  }

  /** Ends a step and returns the block copies that the runner must make at its beginning. */
  public List<BlockCopy> endStep() {
    List<BlockCopy> result = List.copyOf(copies);
    copies.clear();
    copySources.forEach(tree::release);
    copySources.clear();
    return result;
  }

  /**
   * Announces a waiting request: what the tree has of its prefix will be wanted.
   *
   * @param number of the request in planned order
   */
  public void expect(int[] tokens, int length, long number) {
    PrefixMatch match = tree.match(tokens, length - 1, step + 1);
    tree.use(match.partial() == null ? match.node() : match.partial(), number);
  }

  /**
   * Fills the empty table of a sequence: with the longest cached prefix of {@code tokens[0 ..
   * length)}, but one token at most short of it since the last token's logits are wanted, and with
   * free blocks up to {@code capacity} tokens. Sources of copies stay as they are until the step
   * has ended, so that no block is both source and target.
   *
   * @param capacity tokens that the table must have room for, at least {@code length}
   * @param spareBlocks blocks that must be available afterwards
   * @param number of the request in planned order
   * @return cached tokens, or -1, with nothing changed, where the blocks do not suffice
   */
  public int admit(
      BlockTable table, int[] tokens, int length, int capacity, int spareBlocks, long number) {
    PrefixMatch match = tree.match(tokens, length - 1, step);
    tree.hold(match.node());
    int needed = blocksFor(capacity) - match.node().depth;
    int cached = match.node().depth * blockSize;
    PrefixNode partial = match.partial();
    if (partial != null) {
      tree.hold(partial);
      if (availableBlocks() < needed + spareBlocks) {
        // The source of a copy takes a block of its own: where there is no room for it, do without.
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
   * Adds blocks to a table until it has room for {@code capacity} tokens, evicting unused prefixes
   * where necessary.
   *
   * @return false, with nothing changed, where the blocks do not suffice
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
   * Puts the prompt blocks that this step fills into the tree, for the next sequences to find: all
   * full ones, and the last one with the tokens that it has.
   *
   * @param promptLength tokens of the prompt
   * @param computed context tokens computed at the end of this step
   * @param number of the request in planned order
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
        // Another sequence was first. Ours stays our own, and with it all that is behind it.
        return;
      }
      table.node = child;
    }
  }

  /**
   * Takes the prompt blocks that a request has put into the tree out again, and all that others
   * have put behind them: no later request finds them. Sequences that hold them keep them.
   *
   * @param number of the request in planned order
   */
  public void discard(int[] tokens, int promptLength, long number) {
    tree.detach(tokens, promptLength, owner -> owner == number);
  }

  /** Takes all blocks of a prompt out of the tree, whoever has put them there. */
  public void discardPrefix(int[] tokens, int promptLength) {
    tree.detach(tokens, promptLength, owner -> true);
  }

  /** Frees the table's own blocks and lets go of the tree's. The table is empty afterwards. */
  public void release(BlockTable table) {
    for (int i = table.node.depth; i < table.size(); i++) {
      pool.free(table.get(i));
    }
    tree.release(table.node);
    table.clear(tree.root());
  }
}
