#pragma once
// Where the results of a sweep's map come from: trainings of this process, a folder that other processes
// fill, or both.

#include "trainer/subjects/sweep_map/sweep_grid.h"

namespace fl {

class CellSource {
 public:
  virtual ~CellSource() = default;

  // A short turn of training; what ended goes into `results`. False: nothing is left to do here.
  virtual bool work(SweepResults& /*results*/) { return false; }
  // Cells that work() will still bring.
  [[nodiscard]] virtual std::size_t left() const { return 0; }
  // What others brought since the last call goes into `results`; whether there was anything. Cheap.
  virtual bool listen(SweepResults& /*results*/) { return false; }
  // Begins anew, without what was known; false: this cannot.
  virtual bool begin_again() { return false; }
};

}  // namespace fl
