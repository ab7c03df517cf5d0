#pragma once
// Which instructions the processor has, for kernels that are compiled several times.

namespace fl {

inline bool has_avx2() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

inline bool has_avx2_and_fma() {
#ifdef __x86_64__
  return has_avx2() && __builtin_cpu_supports("fma") != 0;
#else
  return false;
#endif
}

// With what oneDNN asks for before it lays channels out in blocks of 16.
inline bool has_avx512() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0;
#else
  return false;
#endif
}

}  // namespace fl
