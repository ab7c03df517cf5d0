#pragma once
// What a launcher of several processes (mpirun, srun) tells each of them in its environment. No library of
// theirs is needed: processes of a sweep meet in its folder.

namespace fl {

struct Ranks {
  int rank = 0;   // of this process among all of them
  int local = 1;  // processes on this machine
};

// As Open MPI, MPICH and Slurm say it; a process that was started by itself is the only one.
[[nodiscard]] Ranks ranks();

// Cores that this process may use, of those that it shares with its local fellows; at least 1.
[[nodiscard]] int own_cores(const Ranks& ranks);

}  // namespace fl
