package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_scratchpad_md;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;

/**
 * A oneDNN primitive of one shape, whose operands' addresses may change from call to call. Owned by
 * the thread of its {@link KernelCache}.
 */
public final class Kernel {
  /**
   * An operand of a primitive.
   *
   * @param code oneDNN's argument index
   * @param layout memory descriptor; the caller remains responsible for destroying it
   */
  record Operand(int code, dnnl_memory_desc layout) {}

  private final dnnl_stream stream;
  private final Scratchpad scratchpad;
  private final long scratchpadBytes;
  private final dnnl_primitive primitive = new dnnl_primitive();
  private final dnnl_memory[] memories;
  private final long[] addresses;
  private final dnnl_exec_arg_t arguments;
  private final NativeAddress address = new NativeAddress();

  Kernel(
      OneDnn library,
      dnnl_stream stream,
      Scratchpad scratchpad,
      dnnl_primitive_desc description,
      List<Operand> operands) {
    this.stream = stream;
    this.scratchpad = scratchpad;
    OneDnn.check(dnnl_primitive_create(primitive, description), "create a kernel");
    dnnl_memory_desc scratch =
        dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    scratchpadBytes = scratch == null ? 0 : dnnl_memory_desc_get_size(scratch);
    int count = operands.size() + (scratchpadBytes > 0 ? 1 : 0);
    memories = new dnnl_memory[count];
    addresses = new long[count];
    arguments = new dnnl_exec_arg_t(count);
    for (int i = 0; i < operands.size(); i++) {
      bind(library, i, operands.get(i).code(), operands.get(i).layout());
    }
    if (scratchpadBytes > 0) {
      bind(library, count - 1, DNNL_ARG_SCRATCHPAD, scratch);
    }
  }

  private void bind(OneDnn library, int index, int code, dnnl_memory_desc layout) {
    memories[index] = new dnnl_memory();
    OneDnn.check(
        dnnl_memory_create(memories[index], layout, library.engine(), address.at(0)),
        "describe an operand");
    arguments.position(index).arg(code).memory(memories[index]);
    arguments.position(0);
  }

  /** Runs the primitive with two operands, in the order documented in {@link KernelCache}. */
  public void run(long first, long second) {
    place(0, first);
    place(1, second);
    execute();
  }

  /** Runs the primitive with three operands. */
  public void run(long first, long second, long third) {
    place(0, first);
    place(1, second);
    place(2, third);
    execute();
  }

  /** Runs the primitive with four operands. */
  public void run(long first, long second, long third, long fourth) {
    place(3, fourth);
    run(first, second, third);
  }

  /** Runs the primitive with five operands. */
  public void run(long first, long second, long third, long fourth, long fifth) {
    place(4, fifth);
    run(first, second, third, fourth);
  }

  /** Runs the primitive with the first {@code count} of some operands. */
  public void run(long[] operands, int count) {
    for (int i = 0; i < count; i++) {
      place(i, operands[i]);
    }
    execute();
  }

  private void place(int index, long target) {
    if (addresses[index] != target) {
      addresses[index] = target;
      dnnl_memory_set_data_handle(memories[index], address.at(target));
    }
  }

  private void execute() {
    if (scratchpadBytes > 0) {
      place(memories.length - 1, scratchpad.address(scratchpadBytes));
    }
    int status = dnnl_primitive_execute(primitive, stream, memories.length, arguments);
    if (status != 0) {
      OneDnn.check(status, "run a kernel");
    }
  }

  void close() {
    dnnl_primitive_destroy(primitive);
    Arrays.stream(memories).forEach(memory -> dnnl_memory_destroy(memory));
    arguments.close();
  }
}
