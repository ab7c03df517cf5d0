#include "trainer/data/phantom/phantom_set.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

#include "trainer/data/dataset_builder.h"
#include "trainer/data/phantom/phantom.h"
#include "trainer/data/phantom/phantom_cache.h"

namespace fl {
namespace {

// Calls work(0) ... work(count - 1) on every core, in any order, until go_on(how many are done), called on
// this thread alone, is false; an exception of one reaches the caller. Whether all were done.
template <typename Work, typename GoOn>
bool for_each_index(std::size_t count, const Work& work, const GoOn& go_on) {
  std::atomic<std::size_t> next{0}, done{0};
  std::vector<std::future<void>> workers;
  const auto take = [&](const auto& after_each) {
    for (std::size_t index = next++; index < count; index = next++) {
      work(index);
      ++done;
      if (!after_each()) next = count;
    }
  };
  try {
    for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i)
      workers.push_back(std::async(std::launch::async, [&take] { take([] { return true; }); }));
  } catch (const std::system_error&) {  // no more threads to be had: those that there are take longer
  }
  take([&] { return go_on(done.load()); });
  for (auto& worker : workers) worker.get();
  return done == count && go_on(count);
}

}  // namespace

Phantom numbered_phantom(const DataSpec& spec, std::uint64_t seed, std::size_t image) {
  return *numbered_phantom(spec, seed, image, {});
}

std::optional<Phantom> numbered_phantom(const DataSpec& spec, std::uint64_t seed, std::size_t image,
                                        const std::stop_token& stop) {
  const auto bleeding = static_cast<std::size_t>(spec.phantom_counts[0]);
  const PhantomClass kind = image < bleeding ? PhantomClass::kHemorrhage : PhantomClass::kNormal;
  const auto number = static_cast<std::uint32_t>(image < bleeding ? image : image - bleeding);
  return make_phantom(seed, kind, number, phantom_side_for(spec.image_size), stop);
}

Result<Dataset> load_phantoms(const DataSpec& asked, std::uint64_t seed, const LoadWatch& watch,
                              const LoadOptions& options) {
  DataSpec spec = asked;
  if (spec.channels == kAutoChannels) spec.channels = spec.colour_range ? 3 : 1;
  const auto& counts = spec.phantom_counts;
  const auto out_of_range = [](int n) { return n < kFewestPhantoms || n > kMostPhantoms; };
  if (counts.size() != kPhantomClasses.size() || std::any_of(counts.begin(), counts.end(), out_of_range))
    return error(
        "The phantom counts must be {} numbers (hemorrhage, normal) from {} to {}; correct "
        "data.phantom_counts.",
        kPhantomClasses.size(), kFewestPhantoms, kMostPhantoms);
  const auto bleeding = static_cast<std::size_t>(counts[0]),
             all = bleeding + static_cast<std::size_t>(counts[1]);
  const auto go_on = [&](std::size_t done) {
    return watch.go_on(options.digest != nullptr ? LoadPhase::kEmbedding : LoadPhase::kPhantoms, done, all);
  };
  const auto know_originals = [&](Dataset& data) {
    data.original = [spec, seed](std::size_t image) -> Result<Original> {
      return Original(numbered_phantom(spec, seed, image).slice);
    };
    if (options.digest != nullptr) data.read_again = input_again(data.original, spec);
  };
  const PhantomCache cache(options, spec, seed);
  if (auto kept = cache.read()) {
    if (!go_on(0) || !go_on(all)) return load_cancelled();
    kept->colour = colour_note(asked, spec.channels, {});
    know_originals(*kept);
    return *std::move(kept);
  }
  DatasetBuilder builder(spec, {kPhantomClasses.begin(), kPhantomClasses.end()}, options);
  FL_TRY(builder.reserve(all, phantom_side_for(spec.image_size)));
  if (!go_on(0)) return load_cancelled();
  for (std::size_t begin = 0, end = 0; begin < all; begin = end) {
    end = begin + std::min(builder.window(), all - begin);
    // Memory of a large set takes its time, too.
    for (std::size_t i = begin; i < end; ++i) {
      if (watch.stop.stop_requested()) return load_cancelled();
      builder.add_blank(i < bleeding ? 0 : 1);
    }
    const auto make = [&](std::size_t i) {
      auto phantom = numbered_phantom(spec, seed, begin + i, watch.stop);
      if (phantom) builder.fill(begin + i, std::move(phantom->name), phantom->slice);
    };
    if (!for_each_index(end - begin, make, [&](std::size_t done) { return go_on(begin + done); }))
      return load_cancelled();
    builder.digest_filled();
  }
  Dataset data = builder.finish(colour_note(asked, spec.channels, {}));
  know_originals(data);
  cache.write(data);
  return data;
}

}  // namespace fl
