#pragma once
// The cells of a map that is filled while somebody watches: a few trainings at once, one a core, each some
// steps in a turn. With a folder they go through its claims, so that other processes can fill the same map.

#include <memory>
#include <optional>
#include <vector>

#include "engine/app/commands/sweep/cell_trainer.h"
#include "engine/app/held_folder.h"
#include "engine/app/sweep_map/kept_cells.h"
#include "trainer/subjects/sweep_map/cell_source.h"
#include "trainer/subjects/sweep_map/folder_cells.h"

namespace fl {

class LiveCells final : public CellSource {
 public:
  // `cells`: as opened; `lanes`: trainings at once; `kept`: is told of each cell that ends; null: nobody is.
  LiveCells(std::unique_ptr<CellTrainer> cells, const SweepResults& known, std::size_t lanes,
            std::shared_ptr<KeptCells> kept = nullptr);
  // The same through the claims of a folder. Errors: what the disk says.
  static Result<std::unique_ptr<LiveCells>> share(std::unique_ptr<CellTrainer> cells,
                                                  const SweepResults& known, std::size_t lanes,
                                                  SweepFolder folder, HeldFolder held);

  // Throws where a result cannot be written.
  bool work(SweepResults& results) override;
  [[nodiscard]] std::size_t left() const override { return left_; }
  bool listen(SweepResults& results) override;
  bool begin_again() override;

 private:
  struct Lane {
    std::optional<std::size_t> cell;     // that it has
    std::unique_ptr<Training> training;  // null: it is not opened yet
    std::optional<CellResult> result;    // it has ended
    std::optional<SweepFolder::Worker> claims;
  };
  // The next cell of a lane that has none.
  void take(Lane& lane, const SweepResults& results);
  // Some steps of it.
  void go_on(Lane& lane);

  std::unique_ptr<CellTrainer> cells_;
  std::vector<std::size_t> order_;
  std::size_t next_ = 0, left_ = 0;
  std::vector<Lane> lanes_;
  std::shared_ptr<KeptCells> kept_;      // null: nobody wants to know
  HeldFolder held_;                      // null: nothing is written
  std::optional<SweepFolder> folder_;    // the same
  std::unique_ptr<FolderCells> others_;  // what other processes write there
};

}  // namespace fl
