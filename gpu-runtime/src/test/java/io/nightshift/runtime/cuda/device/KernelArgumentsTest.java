package io.nightshift.runtime.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.Test;

class KernelArgumentsTest {

  @Test
  void pointsToEachParameterOfTheLastLaunch() {
    try (KernelArguments arguments = new KernelArguments()) {
      arguments.begin().address(1).address(2);
      arguments.begin().integer(-5).address(1L << 40).real(0.5f).integer(7);

      PointerPointer<Pointer> pointers = arguments.pointers();
      assertThat(new IntPointer(pointers.get(0)).get()).isEqualTo(-5);
      assertThat(new LongPointer(pointers.get(1)).get()).isEqualTo(1L << 40);
      assertThat(new FloatPointer(pointers.get(2)).get()).isEqualTo(0.5f);
      assertThat(new IntPointer(pointers.get(3)).get()).isEqualTo(7);
    }
  }

  @Test
  void passesStructsByValue() {
    try (KernelArguments arguments = new KernelArguments()) {
      arguments.begin().integer(1).integers(new int[] {2, -3, 4}).address(5);

      PointerPointer<Pointer> pointers = arguments.pointers();
      int[] struct = new int[3];
      new IntPointer(pointers.get(1)).get(struct);
      assertThat(struct).containsExactly(2, -3, 4);
      assertThat(new LongPointer(pointers.get(2)).get()).isEqualTo(5);
    }
  }
}
