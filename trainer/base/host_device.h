#pragma once
// FL_HD marks a function of one element that both sides run: a loop on the CPU, a thread on the GPU.
#ifdef __CUDACC__
#define FL_HD __host__ __device__
#else
#define FL_HD
#endif
