// The scale of an output channel of e4m3 weights.
#pragma once

#include "common.cuh"

// The smallest power of two, among normal numbers, for which `largest` fits into 8 bits; 255 for infinity
// and NaN. A power of two loses no precision, since e4m3 is a floating-point format itself, and kernels
// that read many scales for each token read bytes.
__device__ inline e8m0 powerOfTwoScale(float largest) {
  unsigned bits = __float_as_uint(largest / E4M3_LARGEST);
  unsigned exponent = (bits >> 23) + ((bits & 0x7fffff) != 0);
  return max(1u, min(exponent, 255u));
}

// What an element is multiplied by before it is rounded to 8 bits.
__device__ inline float channelFactor(e8m0 scale) {
  return __uint_as_float((254u - min((unsigned)scale, 254u)) << 23);
}
