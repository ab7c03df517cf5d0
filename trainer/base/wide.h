#pragma once
// FL_WIDE marks a function whose loops are worth the wider vectors of newer processors: it is compiled a
// second time for AVX2, and the right one is taken as the program starts. Results stay the same to the bit,
// because AVX2 alone has no fused multiply-adds and no loop is summed in another order.
#include <cstdlib>  // says whether the C library is glibc, whose loader chooses

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define FL_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define FL_WIDE
#endif
