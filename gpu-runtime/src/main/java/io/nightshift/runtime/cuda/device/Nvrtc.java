package io.nightshift.runtime.cuda.device;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * NVIDIA's run-time compiler, as far as it is used. Through JNA and not JavaCPP, whose class loads
 * only where there is a driver: the build compiles every kernel on machines that have none.
 *
 * @see <a href="https://docs.nvidia.com/cuda/nvrtc/">NVRTC's documentation</a>
 */
interface Nvrtc extends Library {

  int nvrtcVersion(IntByReference major, IntByReference minor);

  int nvrtcCreateProgram(
      PointerByReference program,
      String source,
      String name,
      int headerCount,
      String[] headers,
      String[] headerNames);

  int nvrtcCompileProgram(Pointer program, int optionCount, String[] options);

  int nvrtcGetProgramLogSize(Pointer program, LongByReference bytes);

  int nvrtcGetProgramLog(Pointer program, byte[] log);

  int nvrtcGetCUBINSize(Pointer program, LongByReference bytes);

  int nvrtcGetCUBIN(Pointer program, byte[] cubin);

  int nvrtcDestroyProgram(PointerByReference program);

  String nvrtcGetErrorString(int result);
}
