package io.nightshift.runtime.cuda.device;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The functions of NVIDIA's run-time compiler that are used. Through JNA rather than JavaCPP, whose
 * class needs a driver to load: the build compiles every kernel on machines without one.
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
