// What the picture costs the training: optimizer steps a second of one training, by itself, and publishing
// frames that another thread draws sixty times a second at 1280x720. Turn about, because a machine's speed
// drifts.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "engine/app/shared_ring.h"
#include "engine/stage/stage.h"
#include "engine/vk/frames.h"
#include "engine/vk/image.h"
#include "tests/bench/measure.h"
#include "trainer/subjects/training_subject.h"

namespace {

using Clock = std::chrono::steady_clock;
constexpr VkExtent2D kExtent{1280, 720};
constexpr VkFormat kFormat = VK_FORMAT_R8G8B8A8_UNORM;
constexpr std::chrono::microseconds kInterval{16'667};
constexpr int kTurns = 5;

fl::Result<std::unique_ptr<fl::TrainingSubject>> open_run(const fl::bench::Options& options) {
  fl::RunSpec spec;
  spec.network = options.network;
  spec.data.image_size = 64;
  spec.data.phantom_counts = {300, 300};
  spec.epochs = 1'000'000;
  spec.batch_size = 64;
  spec.threads = options.threads;
  auto data = fl::load_dataset(spec.data, ".", spec.seed);
  if (!data) return data.error();
  auto backend = fl::make_backend(options.backend, options.threads);
  if (!backend) return backend.error();
  auto training = fl::Training::create(spec, *std::move(data), *std::move(backend));
  if (!training) return training.error();
  return std::make_unique<fl::TrainingSubject>(*std::move(training));
}

// Draws the ring's newest frame, as a window without its display.
class Drawer {
 public:
  Drawer(fl::Device& device, const fl::Font& font, fl::FrameRing& ring)
      : ring_(ring),
        slots_(device, ring.layout(), ring.buffers()),
        stage_(device, font, {.color_format = kFormat, .samples = device.is_cpu() ? 1u : 4u}),
        target_(device, {.extent = kExtent,
                         .format = kFormat,
                         .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT}),
        frames_(device) {
    const fl::Rect area = fl::Stage::layout(kExtent, view_).landscape;
    view_.camera.fit(area.width / area.height);
  }

  // `anew`: keeps nothing of the picture before, as if the slot's content had changed.
  bool draw(bool anew = false) {
    const fl::FrameInFlight next = frames_.begin();
    ring_.completed(frames_.completed());
    const auto frame = ring_.acquire_latest();
    fl::SlotReading reading;
    if (frame) {
      reading = ring_.reading(*frame);
      view_.content = anew ? 0 : frame->number;
      view_.contents = frame->contents;
      stage_.record(next.cmd, next.index, {target_.handle(), target_.view(), kExtent},
                    slots_.set(frame->slot), *frame, view_, {});
    }
    frames_.submit(next, {&reading.wait, 1}, {&reading.signal, 1});
    if (frame) ring_.submitted(*frame, next.number);
    return frame.has_value();
  }
  void finish() { frames_.wait_all(); }

 private:
  fl::FrameRing& ring_;
  fl::SlotSets slots_;
  fl::Stage stage_;
  fl::Image target_;
  fl::StageView view_;
  fl::FramesInFlight frames_;  // last: it waits for the device before anything that is drawn with goes away
};

// Steps a second over `seconds`; with a ring, the path is kept and frames are published into it. The
// landscape is neither's: it takes what time it is given.
double train(fl::TrainingSubject& run, double seconds, fl::FrameRing* ring) {
  const auto start = Clock::now();
  auto published = start;
  const std::int64_t before = run.steps();
  const auto since = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  while (since() < seconds) {
    if (ring == nullptr) {
      run.training()->advance(run.burst());
      continue;
    }
    run.advance(run.burst());
    if (Clock::now() - published < kInterval) continue;
    published = Clock::now();
    run.publish(*ring, run.state(), 0);
  }
  return static_cast<double>(run.steps() - before) / since();
}

struct Turn {
  double steps = 0, frames = 0;  // a second
};

Turn train_drawn(fl::TrainingSubject& run, double seconds, fl::FrameRing& ring, Drawer& drawer) {
  Turn turn;
  std::atomic<bool> over = false;
  std::jthread trainer([&] {
    turn.steps = train(run, seconds, &ring);
    over = true;
  });
  std::uint64_t drawn = 0;
  for (auto next = Clock::now(); !over; next = std::max(next + kInterval, Clock::now() - kInterval)) {
    if (drawer.draw()) ++drawn;
    std::this_thread::sleep_until(next);
  }
  trainer.join();
  drawer.finish();
  turn.frames = static_cast<double>(drawn) / seconds;
  return turn;
}

// Milliseconds a picture takes by itself: one after the other, all of each anew, and nobody trains. As long
// as the card is busy with it at most.
double picture_milliseconds(Drawer& drawer) {
  constexpr std::chrono::milliseconds kLength{300};
  drawer.finish();
  int drawn = 0;
  const auto start = Clock::now();
  for (; Clock::now() - start < kLength; ++drawn) drawer.draw(true);
  drawer.finish();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count() / drawn;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

fl::Result<void> measure(const fl::bench::Options& options) {
  auto run = open_run(options);
  if (!run) return run.error();
  auto instance = fl::Instance::create();
  if (!instance) return instance.error();
  auto device =
      fl::Device::create(*instance, {.name = {}, .surface = VK_NULL_HANDLE, .trainer = (*run)->gpu()});
  if (!device) return device.error();
  auto font = fl::Font::load();
  if (!font) return font.error();
  fl::SharedRing shared = fl::open_shared_ring(**device, **run);
  Drawer drawer(**device, *font, *shared.ring);
  // Something to see; the whole of it would take minutes on a CPU.
  for (const auto begun = Clock::now(); Clock::now() - begun < std::chrono::seconds(2) && (*run)->work(8);) {
  }
  (*run)->catch_up();
  const double seconds = std::max(0.5, options.seconds / kTurns);
  train_drawn(**run, seconds, *shared.ring, drawer);  // warm-up: pipelines, clocks
  const double picture = picture_milliseconds(drawer);
  std::vector<double> alone, drawn, frames;
  for (int turn = 0; turn < kTurns; ++turn) {
    alone.push_back(train(**run, seconds, nullptr));
    const Turn with = train_drawn(**run, seconds, *shared.ring, drawer);
    drawn.push_back(with.steps);
    frames.push_back(with.frames);
  }
  fl::bench::tell(
      options,
      fmt::format("{}, drawn on {}, {}", (*run)->training()->device(), (*device)->name(), shared.words),
      {{"steps, not drawn", "steps/s", median(alone)},
       {"steps, drawn", "steps/s", median(drawn)},
       {"frames", "frames/s", median(frames)},
       {"a picture", "ms", picture}});
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const fl::bench::Options options =
      fl::bench::parse(argc, argv, "Training steps a second, with and without somebody who draws them");
  try {
    if (const auto done = measure(options); !done) {
      fmt::print(stderr, "{}\n", done.error().message);
      return 1;
    }
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 1;
  }
}
