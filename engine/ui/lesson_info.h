#pragma once
// What panels know of the open lesson beside its status. It stays as it is as long as the lesson does.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/view/cue.h"
#include "engine/view/film_spec.h"
#include "trainer/subjects/run_spec.h"

namespace fl {

class DataDesk;
struct Dataset;
class FilmDesk;
class Preview;
struct Split;
struct SweepPlan;

struct LessonInfo {
  std::uint64_t number = 0;             // of the lesson in its window: another one has another
  std::string what;                     // as it was opened; empty: phantoms, or no lesson yet
  std::vector<std::string> settings{};  // it was opened with: "train.epochs=30"
  bool trains = false;                  // a network, as `run` says; else it has none of what follows
  std::vector<std::string> raced{};     // the runs of a race, by their values; empty: it is none
  std::shared_ptr<const SweepPlan> sweep{};  // whose map this is; null: it is none
  bool cells_stay = false;                   // of that map: they lie in a folder
  RunSpec run{};                        // as it runs: what the scene leaves open is said
  bool transfer = false;                // the network is a head on a backbone
  std::vector<Cue> cues{};              // of the lecture
  bool timeline = false;                // its scene has one
  std::string name{};                   // of its scene, for files
  FilmSpec film{};                      // how films and pictures of it are made
  const Dataset* data = nullptr;        // its images, with their thumbnails; not null where it trains
  Preview* preview = nullptr;           // looks at images from outside; not null where it trains
  const Split* split = nullptr;         // of them, into training and test images; as `data`
  std::shared_ptr<DataDesk> desk{};     // what the panel "Data" keeps of it; as `data`
  std::shared_ptr<FilmDesk> film_desk{};  // its timeline; null without a lesson
};

}  // namespace fl
