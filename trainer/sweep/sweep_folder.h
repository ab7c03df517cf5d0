#pragma once
// The folder of a sweep, which any number of processes on any number of machines fill together. None of them
// leads: each takes the next cell that nobody has, and keeps it by a lock that the kernel lets go when its
// process ends, however it ends. What was finished stays finished.
//
//   sweep.json       the plan
//   claims           a byte a cell: locked while somebody trains it, 'x' once its result is on the disk
//   results/*.jsonl  the results, a line each, a file for each worker
//   sweep.csv        all of them in the order of cells, and sweep.png, a picture of them: written when the
//   sweep ends

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "trainer/base/descriptor.h"
#include "trainer/base/result.h"
#include "trainer/sweep/sweep_plan.h"

namespace fl {

inline constexpr const char* kSweepPlanFile = "sweep.json";
inline constexpr const char* kSweepTableFile = "sweep.csv";
inline constexpr const char* kSweepPictureFile = "sweep.png";

// No clock times: the same cell gives the same bytes, whoever trains it.
struct CellResult {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  std::size_t cell = 0;
  std::string state;  // report_state(), or kCellFailed
  int epochs = 0;
  std::int64_t steps = 0;
  double loss = kNone, accuracy = kNone, test_loss = kNone, test_accuracy = kNone;  // of the last epoch
  std::uint64_t test_images = 0;                                                    // 0: not known
  std::string weights;  // weights_checksum(); empty: none
  std::string note;     // why it failed
};
inline constexpr const char* kCellFailed = "failed";

// Whether a sweep lies there.
[[nodiscard]] bool is_sweep_folder(const std::filesystem::path& folder);

class SweepFolder {
 public:
  // Makes it, or joins a sweep of the same plan there. `replace`: an earlier sweep goes, unless somebody
  // works on it. Errors: it has another sweep or other files, and what the disk says.
  static Result<SweepFolder> open(const std::filesystem::path& path, const SweepPlan& plan, bool replace);

  // The sweep that lies there. Errors: there is none.
  static Result<SweepFolder> join(const std::filesystem::path& path);

  // Whoever works at the cells: one for each thread.
  class Worker {
   public:
    // The next cell of `order` that is neither finished nor another's; it is this worker's now, until it is
    // finished or the worker goes. Nothing where there is none.
    Result<std::optional<std::size_t>> next();
    // The cell that next() gave. Errors: it cannot be written; the cell is free again.
    Result<void> finish(const CellResult& result);

   private:
    friend class SweepFolder;
    Worker() = default;
    std::filesystem::path file_;
    std::vector<std::size_t> order_;
    std::size_t at_ = 0;
    Descriptor claims_, results_;
  };
  // `number`: of this process. Errors: what the disk says.
  [[nodiscard]] Result<Worker> worker(std::size_t number) const;

  // How many cells have a result.
  [[nodiscard]] std::size_t finished() const;
  // [cell]; nothing where there is none. A line that a killed process left half written is none.
  [[nodiscard]] Result<std::vector<std::optional<CellResult>>> results() const;
  // sweep.csv of what is there. The same results give the same bytes.
  [[nodiscard]] Result<void> write_table(const std::vector<std::optional<CellResult>>& results) const;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const SweepPlan& plan() const { return plan_; }

 private:
  SweepFolder(std::filesystem::path path, SweepPlan plan) : path_(std::move(path)), plan_(std::move(plan)) {}
  std::filesystem::path path_;
  SweepPlan plan_;
};

}  // namespace fl
