#include "trainer/subjects/record/earlier_runs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "trainer/backbone/transfer.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr std::array<std::string_view, 3> kFirst = {"train.rate", "train.optimizer", "train.epochs"};
constexpr std::size_t kLongValue = 14;  // a longer one says less than its key

bool same_points(std::span<const EpochPoint> a, std::span<const EpochPoint> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

// Both begin the same way and are set the same, so that the longer one says all that the other does.
bool same_run(const EarlierRun& a, const EarlierRun& b) {
  if (a.settings != b.settings || a.seed != b.seed || a.stride != b.stride) return false;
  const std::size_t both = std::min(a.points.size(), b.points.size());
  return same_points(std::span(a.points).first(both), std::span(b.points).first(both));
}

std::string_view value_of(std::span<const Setting> settings, std::string_view key) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? std::string_view() : found->value;
}

bool on_backbone(std::span<const Setting> settings) {
  const std::string_view name = value_of(settings, "network.backbone");
  return !name.empty() && name != "\"\"" && name != fmt::format("\"{}\"", kNoBackbone);
}

// "train.batch_size" and "8" become "batch size 8", a text in quotes itself, a long value "other layers".
std::string words_of(std::string_view path, std::string_view value) {
  std::string key(path.substr(path.rfind('.') + 1));
  std::ranges::replace(key, '_', ' ');
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  if (value.empty() || value == "{}") return "no " + key;
  if (value.size() > kLongValue) return "other " + key;
  if (key == "epochs") return fmt::format("{} epochs", value);
  return fmt::format("{} {}", key, value);
}

}  // namespace

bool operator==(const EarlierRun& a, const EarlierRun& b) {
  return a.settings == b.settings && a.seed == b.seed && a.steps_per_epoch == b.steps_per_epoch &&
         a.stride == b.stride && same_points(a.points, b.points) &&
         std::memcmp(&a.test_accuracy, &b.test_accuracy, sizeof(float)) == 0;
}

EarlierRun earlier_run(const RunSpec& run, std::uint64_t seed, std::uint32_t steps_per_epoch,
                       std::span<const EpochRecord> epochs) {
  FL_CHECK(!epochs.empty());
  const std::size_t stride = (epochs.size() + kEarlierPoints - 1) / kEarlierPoints;
  EarlierRun earlier{.settings = settings_of(run),
                     .seed = seed,
                     .steps_per_epoch = std::max(steps_per_epoch, 1U),
                     .stride = static_cast<std::uint32_t>(stride),
                     .points = {},
                     .test_accuracy = static_cast<float>(epochs.back().test_accuracy)};
  for (std::size_t i = 0; i < epochs.size(); i += stride) earlier.points.push_back(epochs[i].point());
  return earlier;
}

EarlierRuns with_another(const EarlierRuns& runs, EarlierRun another) {
  EarlierRuns all = runs;
  if (!all.empty() && same_run(all.front(), another)) {
    if (all.front().points.size() > another.points.size()) return all;
    all.erase(all.begin());
  }
  all.insert(all.begin(), std::move(another));
  all.resize(std::min<std::size_t>(all.size(), kEarlierRuns));
  return all;
}

std::string earlier_words(const EarlierRun& run, std::span<const Setting> present, std::uint64_t seed) {
  std::vector<std::string> words;
  // All else about the network follows.
  const bool transfer = on_backbone(run.settings);
  const bool other_network = transfer != on_backbone(present);
  if (other_network) words.emplace_back(transfer ? "transfer" : "from scratch");
  const auto follows = [&](const Setting& one) { return other_network && !one.key.starts_with("train."); };
  // What people compare most comes first.
  std::vector<Setting> settings = run.settings;
  std::ranges::stable_partition(settings,
                                [](const Setting& one) { return std::ranges::count(kFirst, one.key) > 0; });
  for (const Setting& one : settings)
    if (!follows(one) && one.value != value_of(present, one.key))
      words.push_back(words_of(one.key, one.value));
  for (const Setting& one : present)
    if (!follows(one) && value_of(run.settings, one.key).empty()) words.push_back(words_of(one.key, ""));
  if (run.seed != seed) words.push_back(fmt::format("seed {}", run.seed));
  if (words.empty()) return "the same settings";
  if (words.size() == 1) return words[0];
  if (words.size() == 2) return words[0] + ", " + words[1];
  return fmt::format("{} and {} more", words[0], words.size() - 1);
}

}  // namespace fl
