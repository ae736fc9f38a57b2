package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.BlockCopy;
import io.nightshift.runtime.runner.RowSet;
import io.nightshift.runtime.runner.StepLayout;
import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayList;
import java.util.List;

/** Brings a step's inputs to the device: what to compute, and where it lies. */
final class StepInputs implements AutoCloseable {
  private final StepBuffer buffer;
  private final ModelConfig config;
  private final int blockSize;

  StepInputs(CudaDevice device, ModelConfig config, CudaRunnerOptions options) {
    this.config = config;
    blockSize = options.blockSize();
    buffer = new StepBuffer(device, bytes(options));
  }

  static int bytes(CudaRunnerOptions options) {
    return 64 << 20;
  }

  DeviceStep pack(StepLayout layout) {
    buffer.begin();
    int tokens = layout.tokens();
    int[] ids = new int[tokens];
    int[] positions = new int[tokens];
    int[] slots = new int[tokens];
    for (int t = 0; t < tokens; t++) {
      ids[t] = layout.tokenId(t);
      positions[t] = layout.position(t);
      slots[t] = layout.block(t) * blockSize + layout.offset(t);
    }
    int[] copies = layout.copies().stream().flatMapToInt(StepInputs::numbers).toArray();
    RowSet kept = layout.kept();
    boolean all = kept.size() == tokens;
    return new DeviceStep(
        tokens,
        buffer.add(ids),
        buffer.add(positions),
        buffer.add(slots),
        buffer.add(copies),
        layout.copies().size(),
        attention(layout, layout.all()),
        all ? null : kept(layout, kept),
        kept.size());
  }

  private DeviceStep.KeptRows kept(StepLayout layout, RowSet kept) {
    int[] positions = new int[kept.size()];
    for (int row = 0; row < positions.length; row++) {
      positions[row] = layout.position(kept.tokens()[row]);
    }
    return new DeviceStep.KeptRows(
        buffer.add(kept.tokens()), buffer.add(positions), attention(layout, kept));
  }

  private static java.util.stream.IntStream numbers(BlockCopy copy) {
    return java.util.stream.IntStream.of(copy.source(), copy.target(), copy.tokens());
  }

  private DeviceAttention attention(StepLayout layout, RowSet set) {
    int group = config.queryHeadsPerKeyValueHead();
    int each = 64 / group;
    List<int[]> pieces = new ArrayList<>();
    List<int[]> rows = new ArrayList<>();
    List<Integer> masks = new ArrayList<>();
    List<Integer> tables = new ArrayList<>();
    int window = config.slidingWindow() > 0 ? config.slidingWindow() : Integer.MAX_VALUE;
    for (int s = 0; s < layout.sequences().size(); s++) {
      StepSequence q = layout.sequences().get(s);
      int table = tables.size();
      for (int i = 0; i < (q.contextLength() + blockSize - 1) / blockSize; i++) {
        tables.add(q.blocks()[i]);
      }
      int contextStart = q.contextLength() - q.tokens().length;
      int treeStart = q.tokens().length - q.treeSize();
      for (int from = set.sequenceStarts()[s]; from < set.sequenceStarts()[s + 1]; from += each) {
        int to = Math.min(set.sequenceStarts()[s + 1], from + each);
        int first = rows.size();
        int begin = Integer.MAX_VALUE, end = 0, ub = 0, ue = Integer.MAX_VALUE;
        for (int r = from; r < to; r++) {
          int token = set.tokens()[r];
          int local = token - layout.firstToken(s);
          int position = layout.position(token);
          int rowFirst = window > position ? 0 : position - window + 1;
          int rowEnd;
          int mask = -1;
          int last;
          if (local >= treeStart) {
            rowEnd = contextStart + treeStart;
            mask = masks.size();
            int words = (q.treeSize() + 31) / 32;
            int[] bits = new int[words];
            int visible = 0;
            for (int n = local - treeStart; n >= 0 && visible < window; n = q.treeParents()[n]) {
              bits[n / 32] |= 1 << (n % 32);
              visible++;
            }
            for (int b : bits) {
              masks.add(b);
            }
            last = rowEnd + q.treeSize();
            rowFirst = Math.min(rowFirst, rowEnd);
          } else {
            rowEnd = contextStart + local + 1;
            last = rowEnd;
          }
          rows.add(new int[] {r, rowFirst, rowEnd, mask});
          begin = Math.min(begin, rowFirst);
          end = Math.max(end, last);
          ub = Math.max(ub, rowFirst);
          ue = Math.min(ue, rowEnd);
        }
        pieces.add(new int[] {first, to - from, table, begin, end, ub, Math.max(ub, ue), -1});
      }
    }
    return new DeviceAttention(
        pieces.size(),
        buffer.add(pieces.stream().flatMapToInt(java.util.Arrays::stream).toArray()),
        buffer.add(rows.stream().flatMapToInt(java.util.Arrays::stream).toArray()),
        buffer.add(masks.stream().mapToInt(i -> i).toArray()),
        buffer.add(tables.stream().mapToInt(i -> i).toArray()));
  }

  void upload(CudaStream stream) {
    buffer.upload(stream);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
