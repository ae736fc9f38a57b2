// MMAs of a warpgroup whose left operand is in registers, and whose right one is rows in shared memory.
#pragma once

#include "warpgroup.cuh"

#if OPERANDS_E4M3
#define RIGHT_NOT_TRANSPOSED ""
#else
#define RIGHT_NOT_TRANSPOSED ", 0"
#endif

#define NUMBERS_4 "%0, %1, %2, %3"
#define NUMBERS_8 NUMBERS_4 ", %4, %5, %6, %7"
#define NUMBERS_96                                                                               \
  NUMBERS_64 ", %64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79"  \
             ", %80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95"
#define PLACES_8(x, i) PLACES_4(x, i), PLACES_4(x, i + 4)
#define PLACES_96(x, i) PLACES_64(x, i), PLACES_32(x, i + 64)

#define MULTIPLY_ROWS(columns, accumulators, LEFT, RIGHT, ADDS)                                  \
  asm volatile("{\n.reg .pred adds;\n.reg .b64 right;\n"                                         \
               "setp.ne.b32 adds, " ADDS ", 0;\n"                                                \
               "mov.b64 right, {" RIGHT ", " DESCRIPTOR_HIGH "};\n"                              \
               "wgmma.mma_async.sync.aligned.m64n" #columns MMA " {"                             \
               NUMBERS_##accumulators "}, {" LEFT "}, right, adds, 1, 1" RIGHT_NOT_TRANSPOSED    \
               ";\n}"                                                                            \
               : PLACES_##accumulators(x, 0)                                                     \
               : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right), "r"(adds))

// x[64][N] = or += left[64][K] * right[N][K]^T; K is 32 bytes.
template <int N>
__device__ inline void multiplyRows(
    float (&x)[N / 2], const unsigned (&left)[4], unsigned right, int adds) {
  static_assert(N == 8 || N == 16 || N == 32 || N == 64 || N == 128 || N == 192 || N == 256,
      "there is no such MMA here");
  if constexpr (N == 8) {
    MULTIPLY_ROWS(8, 4, "%4, %5, %6, %7", "%8", "%9");
  } else if constexpr (N == 16) {
    MULTIPLY_ROWS(16, 8, "%8, %9, %10, %11", "%12", "%13");
  } else if constexpr (N == 32) {
    MULTIPLY_ROWS(32, 16, "%16, %17, %18, %19", "%20", "%21");
  } else if constexpr (N == 64) {
    MULTIPLY_ROWS(64, 32, "%32, %33, %34, %35", "%36", "%37");
  } else if constexpr (N == 128) {
    MULTIPLY_ROWS(128, 64, "%64, %65, %66, %67", "%68", "%69");
  } else if constexpr (N == 192) {
    MULTIPLY_ROWS(192, 96, "%96, %97, %98, %99", "%100", "%101");
  } else {
    MULTIPLY_ROWS(256, 128, "%128, %129, %130, %131", "%132", "%133");
  }
}
