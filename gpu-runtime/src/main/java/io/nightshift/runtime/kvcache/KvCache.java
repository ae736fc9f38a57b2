package io.nightshift.runtime.kvcache;

import io.nightshift.runtime.runner.BlockCopy;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.HostBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Bookkeeping of the KV cache: which block belongs to which sequence, and which prompt prefixes are
 * cached. The keys and values themselves are in the memory of the model runner.
 *
 * <p>The scheduler calls {@link #beginStep} and {@link #endStep} for each step. Within a step,
 * {@link #admit} lets a sequence share full blocks that the same step fills, because a runner
 * writes all keys and values of a layer before any token attends. A match that ends inside a block
 * is copied, and only from blocks that an earlier step has filled.
 *
 * <p>Layers with the same sliding window are a group with blocks and block tables of its own
 * ({@link BlockGroup}; the hybrid KV cache manager of vLLM). In a group with a window, a sequence
 * has blocks only for what the step computes and for what its queries see; {@link #grow} frees the
 * others, or leaves them to the prefix tree.
 *
 * <p>Only prompts are inserted into the prefix tree. Blocks with output tokens are freed with their
 * sequence: in batch inference, no prompt contains the answer to another row. After its sequences
 * have finished, a prefix stays in the tree until its blocks are needed. The number of nodes is
 * therefore bounded by the number of blocks; if all layers have windows, by as many times that
 * number as the longest prompt has windows.
 *
 * <p>With <b>host memory</b> ({@link HostTier}), the full blocks of prefixes that are evicted move
 * there, as long as there is room or what is there is of less use, and {@link #admit} takes them
 * back. The number of nodes is then bounded by the blocks of both. Waiting requests are announced,
 * all of them if the memory is of a size with them, so that the cache knows the next use of each
 * block. A sequence that loses its blocks may leave its output there too ({@link #keep}).
 */
public final class KvCache {

  private static final int LOOK_AHEAD = 8;

  private final int blockSize;
  private final int stepTokens;
  private final GroupBlocks[] groups;
  private final PrefixTree tree;
  private final PrefixPaths paths;
  private final PrefixInsertion insertion;
  private final List<BlockCopy> copies = new ArrayList<>();
  private final List<PrefixNode> copySources = new ArrayList<>();
  private final @Nullable HostTier host;
  private long step;

  /** The last step that computes something. */
  private long lastStep;

  private long nextNumber;

  /** A cache with one group of blocks, whose layers see the whole context. */
  public KvCache(int blockCount, int blockSize) {
    this(List.of(new BlockGroup(0, blockCount)), blockSize, Integer.MAX_VALUE);
  }

  /**
   * @param stepTokens maximum number of tokens per step
   */
  public KvCache(List<BlockGroup> groups, int blockSize, int stepTokens) {
    this(groups, blockSize, stepTokens, HostBlocks.NONE);
  }

  /**
   * @param stepTokens maximum number of tokens per step
   * @param hostBlocks blocks in host memory, which take prefixes that are evicted
   */
  public KvCache(List<BlockGroup> groups, int blockSize, int stepTokens, HostBlocks hostBlocks) {
    this.blockSize = blockSize;
    this.stepTokens = stepTokens;
    this.groups =
        IntStream.range(0, groups.size())
            .mapToObj(index -> new GroupBlocks(index, groups.get(index), hostBlocks.count() > 0))
            .toArray(GroupBlocks[]::new);
    host = hostBlocks.count() == 0 ? null : new HostTier(hostBlocks, List.of(this.groups));
    paths = new PrefixPaths(blockSize, List.of(this.groups));
    tree = new PrefixTree(blockSize, List.of(this.groups), host);
    insertion = new PrefixInsertion(blockSize, List.of(this.groups), tree);
  }

  public int blockSize() {
    return blockSize;
  }

  /** Number of groups of layers, each with blocks and block tables of its own. */
  public int groupCount() {
    return groups.length;
  }

  /** Number of blocks of all groups. */
  public int blockCount() {
    return sum(group -> group.group.blockCount());
  }

  /** Maximum number of tokens of a sequence; {@link Integer#MAX_VALUE} if there is no limit. */
  public int maxTokens() {
    return Arrays.stream(groups)
        .mapToInt(group -> group.group.maxTokens(stepTokens, blockSize))
        .min()
        .orElse(0);
  }

  /** Number of blocks for {@code tokens} tokens. */
  public int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }

  /** Number of blocks that are free, or hold prefixes that no sequence currently uses. */
  public int availableBlocks() {
    return sum(GroupBlocks::available);
  }

  /** Number of free blocks. */
  public int freeBlocks() {
    return sum(GroupBlocks::freeCount);
  }

  /** Number of blocks of the prefix tree, whether currently used or not. */
  public int cachedBlocks() {
    return sum(GroupBlocks::cachedCount);
  }

  private int sum(ToIntFunction<GroupBlocks> value) {
    return Arrays.stream(groups).mapToInt(value).sum();
  }

  /**
   * Whether sequences of these lengths can get all their blocks without an eviction.
   *
   * @param lengths maximum number of tokens of each sequence for which it has no blocks yet
   */
  public boolean fitFreeBlocks(int[] lengths) {
    return Arrays.stream(groups).allMatch(group -> mostHeld(group, lengths) <= group.freeCount());
  }

  private long mostHeld(GroupBlocks group, int[] lengths) {
    long held = 0;
    for (int length : lengths) {
      held += group.group.mostHeld(length, 1, blockSize) + 1L;
    }
    return group.group.seesAll() ? held : held + blocksFor(stepTokens);
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
    return new BlockTable(tree.root(longContext), groups.length);
  }

  /**
   * Begins a step.
   *
   * @param nextNumber number of the first waiting request, in planned order; prefixes that only
   *     earlier requests have used are evicted first
   */
  public void beginStep(long nextNumber) {
    step++;
    // With host memory, blocks know their next use.
    this.nextNumber = host == null ? nextNumber : NextUses.NONE;
    if (host != null) {
      host.beginStep(lastStep);
    }
  }

  /** Ends a step and returns the copies that the runner must make at its beginning. */
  public StepCopies endStep() {
    StepCopies result =
        new StepCopies(host == null ? List.of() : host.endStep(), List.copyOf(copies));
    copies.clear();
    copySources.forEach(this::releaseSource);
    copySources.clear();
    insertion.endStep();
    return result;
  }

  private void releaseSource(PrefixNode source) {
    for (GroupBlocks group : groups) {
      CachedBlock block = source.blocks[group.index];
      if (block != null) {
        group.usedIn(step, block.block);
      }
    }
    tree.release(source);
  }

  /** Whether there is host memory for prefixes that are evicted. */
  public boolean hasHostBlocks() {
    return host != null;
  }

  /** Counts of the blocks in host memory. */
  public HostCounts hostCounts() {
    return host == null ? HostCounts.NONE : host.counts();
  }

  /**
   * Whether there is room for what {@link #announce} records: the announced requests have up to
   * {@value #LOOK_AHEAD} times the blocks that device and host memory hold.
   */
  public boolean announcesMore() {
    return host != null
        && tree.announcedBlocks() < (long) LOOK_AHEAD * (host.blockCount() + blockCount());
  }

  /**
   * Announces a waiting request, so that a prefix that it needs, or will when another request has
   * computed it, is evicted late. With host memory, instead of {@link #expect}; to be withdrawn
   * when the request is admitted or ends.
   *
   * @param longContext see {@link #newTable(boolean)}
   * @param number number of the request, in planned order
   */
  public void announce(int[] tokens, int length, boolean longContext, long number) {
    tree.announce(tree.root(longContext), tokens, length - 1, number);
  }

  /** Undoes {@link #announce} with the same arguments. */
  public void withdraw(int[] tokens, int length, boolean longContext, long number) {
    tree.withdraw(tree.root(longContext), tokens, length - 1, number);
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
   * length - 1)}, and, in groups without a window, with free blocks up to {@code capacity} tokens.
   * In the others, {@link #grow} adds blocks for each step; there will be enough for the first one.
   * The last token is never taken from the cache, because its logits are needed. Sources of copies
   * are not evicted before the step ends, so that no block is both source and target.
   *
   * @param capacity number of tokens that the table must have room for, at least {@code length}
   * @param spareBlocks number of blocks of each group that must be available afterwards
   * @param number number of the request, in planned order
   * @return number of cached tokens; -1 if there are not enough blocks, in which case nothing has
   *     changed
   */
  public int admit(
      BlockTable table, int[] tokens, int length, int capacity, int spareBlocks, long number) {
    PrefixMatch match = tree.match(table.root, tokens, length - 1, step);
    paths.hold(table, match.node());
    PrefixNode partial = match.partial();
    if (partial != null) {
      tree.hold(partial);
      if (!hasRoom(table, capacity, spareBlocks)) {
        // Holding the source of the copy needs one more block. Without room for it, do not copy.
        tree.release(partial);
        partial = null;
      }
    }
    if (!hasRoom(table, capacity, spareBlocks)) {
      release(table);
      return -1;
    }
    int depth = match.node().depth;
    if (host != null) {
      paths.load(host, table, match.node(), this::allocate);
    }
    tree.use(partial == null ? match.node() : partial, number);
    for (GroupBlocks group : groups) {
      if (group.group.seesAll()) {
        extend(table, group, blocksFor(capacity));
      } else if (partial != null) {
        extend(table, group, depth + 1);
      }
    }
    if (partial == null) {
      return depth * blockSize;
    }
    copySources.add(partial);
    copy(partial, match.partialTokens(), table, depth);
    return depth * blockSize + match.partialTokens();
  }

  private int allocate(GroupBlocks group) {
    if (group.freeCount() == 0) {
      tree.evict(group, nextNumber);
    }
    return group.allocate();
  }

  private boolean hasRoom(BlockTable table, int capacity, int spareBlocks) {
    for (GroupBlocks group : groups) {
      GroupTable blocks = table.groups[group.index];
      int most = group.group.mostHeld(capacity, stepTokens, blockSize);
      int needed =
          Math.min(blocksFor(capacity) - blocks.freed(), most)
              - (blocks.held() - (host == null ? 0 : blocks.missing()));
      if (group.available() < Math.max(0, needed) + spareBlocks) {
        return false;
      }
    }
    return true;
  }

  private void copy(PrefixNode source, int tokens, BlockTable table, int index) {
    for (GroupBlocks group : groups) {
      CachedBlock block = source.blocks[group.index];
      if (block == null) {
        throw new IllegalStateException("a copy of a block that is not there");
      }
      int target = table.groups[group.index].get(index);
      copies.add(new BlockCopy(group.index, block.block, target, tokens));
    }
  }

  /**
   * Frees blocks of a table that no query sees any more, and adds blocks until it has room for
   * {@code capacity} tokens. Evicts unused prefixes if necessary.
   *
   * @param firstQuery first position whose token this step or a later one may compute
   * @return false if there are not enough blocks, in which case none has been added
   */
  public boolean grow(BlockTable table, int firstQuery, int capacity) {
    int count = blocksFor(capacity);
    boolean fits = true;
    for (GroupBlocks group : groups) {
      group.freeUnseen(table.groups[group.index], firstQuery, blockSize, table.lastStep);
      int missing = count - table.groups[group.index].size();
      fits &= missing <= 0 || missing <= group.available();
    }
    if (fits) {
      for (GroupBlocks group : groups) {
        extend(table, group, count);
      }
      table.lastStep = step;
      lastStep = step;
    }
    return fits;
  }

  private void extend(BlockTable table, GroupBlocks group, int count) {
    GroupTable blocks = table.groups[group.index];
    while (blocks.size() < count) {
      blocks.add(allocate(group));
    }
  }

  /**
   * Inserts the prompt blocks that this step fills into the tree, for the following sequences: all
   * full blocks, and the last block of the prompt even if it is not full. Where another sequence
   * was first, this one goes over to its full blocks from the next step on.
   *
   * @param promptLength number of tokens of the prompt
   * @param computed number of context tokens that are computed at the end of this step
   * @param number number of the request, in planned order
   * @return whether the sequence has gone over to blocks of others
   */
  public boolean insert(
      BlockTable table, int[] tokens, int promptLength, int computed, long number) {
    return insertion.insert(table, tokens, promptLength, computed, number, step);
  }

  /**
   * Makes the full blocks of a sequence that loses them blocks of the tree, those with output
   * tokens too. With host memory, they are still there when the sequence goes on.
   *
   * @param length number of tokens whose keys and values are in the blocks, and that the host knows
   * @param number number of the request, in planned order
   */
  public void keep(BlockTable table, int[] tokens, int length, long number) {
    insertion.keep(table, tokens, length, number, step);
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
    for (GroupBlocks group : groups) {
      group.freeAll(table.groups[group.index], table.lastStep);
    }
    table.node = table.root;
  }
}
