// Hopper's instructions (sm_90a): matrix multiply-accumulate (MMA) of a warpgroup of 128 threads with
// operands in shared memory, and barriers at which threads and asynchronous copies arrive.
#pragma once

#ifndef __CUDA_ARCH_FEAT_SM90_ALL
#error "warpgroup MMAs are instructions of sm_90a alone"
#endif

// The depth and the types of MMAs, and, of those with both operands in shared memory, what says that these
// are not transposed: operands of 8 bits never are.
#if OPERANDS_E4M3
#define MMA "k32.f32.e4m3.e4m3"
#define NOT_TRANSPOSED ""
#elif KV_FP8
#define MMA "k16.f32.f16.f16"
#define NOT_TRANSPOSED ", 0, 0"
#else
#define MMA "k16.f32.bf16.bf16"
#define NOT_TRANSPOSED ", 0, 0"
#endif

// Operands are in panels with rows of 64 elements (128 bytes), 8 of which are a unit of 1,024 bytes. The
// 16-byte chunks of a row are permuted by its number, so that a column of chunks is in different banks
// ("128-byte swizzle").
constexpr unsigned PANEL_BYTES = 128;
constexpr unsigned PANEL_ELEMENTS = PANEL_BYTES / 2;
constexpr unsigned PANEL_CHUNKS = PANEL_BYTES / 16;

// The offset of chunk `chunk` of row `row` in an operand of `rows` rows.
__device__ inline unsigned chunkOffset(unsigned row, unsigned chunk, unsigned rows) {
  return chunk / PANEL_CHUNKS * rows * PANEL_BYTES + row * PANEL_BYTES +
      ((chunk % PANEL_CHUNKS) ^ (row % 8)) * 16;
}

// Describes a panel at a shared address: the lower half of an operand's descriptor, which grows by
// 1 for each 16 bytes. `panelDistance`, the bytes from a panel to the next, matters only if rows are the
// depth of the multiplication.
__device__ inline unsigned describe(unsigned address, int panelDistance) {
  return (unsigned)(panelDistance / 16) << 16 | address / 16;
}

// The upper half: 128-byte swizzle, and 1,024 bytes from a unit to the next.
#define DESCRIPTOR_HIGH "0x40000040"

// Operands of inline assembly: N accumulators, by number and by place.
#define NUMBERS_16 "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15"
#define NUMBERS_32                                                                               \
  NUMBERS_16 ", %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31"
#define NUMBERS_48                                                                               \
  NUMBERS_32 ", %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47"
#define NUMBERS_64                                                                               \
  NUMBERS_48 ", %48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
#define NUMBERS_128                                                                              \
  NUMBERS_64 ", %64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79"  \
             ", %80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95"  \
             ", %96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109"  \
             ", %110, %111, %112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122"    \
             ", %123, %124, %125, %126, %127"
#define PLACES_4(x, i) "+f"(x[i]), "+f"(x[i + 1]), "+f"(x[i + 2]), "+f"(x[i + 3])
#define PLACES_16(x, i) PLACES_4(x, i), PLACES_4(x, i + 4), PLACES_4(x, i + 8), PLACES_4(x, i + 12)
#define PLACES_32(x, i) PLACES_16(x, i), PLACES_16(x, i + 16)
#define PLACES_64(x, i) PLACES_32(x, i), PLACES_32(x, i + 32)
#define PLACES_128(x, i) PLACES_64(x, i), PLACES_64(x, i + 64)

// x[64][N] = or += left[64][K] * right[N][K]^T, both in shared memory; K is 32 bytes. N / 2 accumulators.
#define MULTIPLY_SHARED(columns, accumulators, LEFT, RIGHT, ADDS)                                \
  asm volatile("{\n.reg .pred adds;\n.reg .b64 left, right;\n"                                   \
               "setp.ne.b32 adds, " ADDS ", 0;\n"                                                \
               "mov.b64 left, {" LEFT ", " DESCRIPTOR_HIGH "};\n"                                \
               "mov.b64 right, {" RIGHT ", " DESCRIPTOR_HIGH "};\n"                              \
               "wgmma.mma_async.sync.aligned.m64n" #columns MMA " {"                             \
               NUMBERS_##accumulators "}, left, right, adds, 1, 1" NOT_TRANSPOSED ";\n}"         \
               : PLACES_##accumulators(x, 0)                                                     \
               : "r"(left), "r"(right), "r"(adds))

template <int N>
__device__ inline void multiplyShared(
    float (&x)[N / 2], unsigned left, unsigned right, int adds) {
  static_assert(N == 64 || N == 128 || N == 256, "there is no such MMA here");
  if constexpr (N == 64) {
    MULTIPLY_SHARED(64, 32, "%32", "%33", "%34");
  } else if constexpr (N == 128) {
    MULTIPLY_SHARED(128, 64, "%64", "%65", "%66");
  } else {
    MULTIPLY_SHARED(256, 128, "%128", "%129", "%130");
  }
}

// x[64][N] += left[64][16] * right[16][N], left in registers as mma.sync has it.
#define MULTIPLY_REGISTERS(columns, accumulators, LEFT, RIGHT)                                   \
  asm volatile("{\n.reg .b64 right;\n"                                                           \
               "mov.b64 right, {" RIGHT ", " DESCRIPTOR_HIGH "};\n"                              \
               "wgmma.mma_async.sync.aligned.m64n" #columns MMA " {"                             \
               NUMBERS_##accumulators "}, {" LEFT "}, right, 1, 1, 1, 1;\n}"                  \
               : PLACES_##accumulators(x, 0)                                                     \
               : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right))

template <int N>
__device__ inline void multiplyRegisters(
    float (&x)[N / 2], const unsigned (&left)[4], unsigned right) {
  static_assert(N == 64 || N == 128 || N == 256, "there is no such MMA here");
  if constexpr (N == 64) {
    MULTIPLY_REGISTERS(64, 32, "%32, %33, %34, %35", "%36");
  } else if constexpr (N == 128) {
    MULTIPLY_REGISTERS(128, 64, "%64, %65, %66, %67", "%68");
  } else {
    MULTIPLY_REGISTERS(256, 128, "%128, %129, %130, %131", "%132");
  }
}

// Makes registers that were written before visible to MMAs that are issued after this.
__device__ inline void beginMma() {
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

__device__ inline void commitMma() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

template <int PENDING> __device__ inline void awaitMma() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(PENDING) : "memory");
}

// Keeps the compiler from moving uses of registers of MMAs in flight across a wait.
template <int N> __device__ inline void hold(float (&x)[N]) {
#pragma unroll
  for (int i = 0; i < N; i++) {
    asm volatile("" : "+f"(x[i])::"memory");
  }
}

template <int N> __device__ inline void hold(unsigned (&x)[N][4]) {
#pragma unroll
  for (int i = 0; i < N; i++) {
#pragma unroll
    for (int j = 0; j < 4; j++) {
      asm volatile("" : "+r"(x[i][j])::"memory");
    }
  }
}

// Makes the writes of threads to shared memory visible to MMAs.
__device__ inline void publishToMma() {
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

constexpr int BARRIER_BYTES = 8;

__device__ inline void initializeBarrier(unsigned barrier, int arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
}

__device__ inline void arrive(unsigned barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}

// Waits until the barrier's phase of that parity is over.
__device__ inline void await(unsigned barrier, unsigned parity) {
  unsigned over;
  do {
    asm volatile("{\n.reg .pred over;\n"
                 "mbarrier.try_wait.parity.shared::cta.b64 over, [%1], %2;\n"
                 "selp.u32 %0, 1, 0, over;\n}"
                 : "=r"(over)
                 : "r"(barrier), "r"(parity)
                 : "memory");
  } while (!over);
}

// Number of lanes of a consumer warp that arrive for it. One is enough after the warp's barrier. Checks
// make all arrive, since racecheck may not see the order that this barrier makes.
#ifndef ARRIVING_LANES
#define ARRIVING_LANES 1
#endif

// A ring of buffers in shared memory, which a producer fills and its consumers release.
template <int STAGES, int BYTES> struct Channel {
  static constexpr int ALL_BYTES = STAGES * BYTES;
  static constexpr int BARRIERS_BYTES = 2 * STAGES * BARRIER_BYTES;

  unsigned buffers;
  unsigned barriers;
  int stage = 0;
  unsigned phase = 0;

  __device__ Channel(unsigned buffers, unsigned barriers) : buffers(buffers), barriers(barriers) {}

  // Threads that produce, and warps that consume.
  __device__ void initialize(int producers, int consumers) const {
    for (int i = 0; i < STAGES; i++) {
      initializeBarrier(barriers + 2 * i * BARRIER_BYTES, producers);
      initializeBarrier(barriers + (2 * i + 1) * BARRIER_BYTES, consumers * ARRIVING_LANES);
    }
  }

  __device__ unsigned buffer() const { return buffers + stage * BYTES; }
  __device__ unsigned full() const { return barriers + 2 * stage * BARRIER_BYTES; }
  __device__ unsigned empty() const { return full() + BARRIER_BYTES; }
  __device__ void awaitFull() const { await(full(), phase); }
  __device__ void awaitEmpty() const { await(empty(), phase ^ 1); }

  __device__ void advance() {
    stage++;
    if (stage == STAGES) {
      stage = 0;
      phase ^= 1;
    }
  }

  // Releases the buffer for a warp, whose lanes have all read it.
  __device__ void release() {
    __syncwarp();
    if (threadIdx.x % 32 < ARRIVING_LANES) {
      arrive(empty());
    }
    advance();
  }
};

template <int REGISTERS> __device__ inline void takeRegisters() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(REGISTERS));
}

template <int REGISTERS> __device__ inline void leaveRegisters() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(REGISTERS));
}
