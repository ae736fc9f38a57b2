package io.nightshift.runtime.cuda.device;

/**
 * A typed view of device memory, dense and without ownership: {@link DeviceMemory} owns the
 * allocation. Fields and parameters of buffers that a model or a precision does not have are null.
 */
public sealed interface DeviceBuffer permits DeviceVector, DeviceMatrix {

  /** Device address of the first element. */
  long address();

  /** Bytes of all elements. */
  long bytes();
}
