// Pictures that are packed beside the drawing: all of them, in their order, and the first error stops it.

#include "engine/film/sink_thread.h"

namespace fl {
namespace {

struct Seen {
  std::vector<std::uint32_t> widths;
  bool finished = false;
};

class Noting : public PictureSink {
 public:
  Noting(Seen& seen, std::uint32_t fails_at) : seen_(seen), fails_at_(fails_at) {}
  Result<void> add(const Picture& picture) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (picture.width == fails_at_) return error("The disk is full.");
    if (picture.width == 1000) throw std::bad_alloc();
    seen_.widths.push_back(picture.width);
    return {};
  }
  Result<void> finish() override {
    seen_.finished = true;
    return {};
  }

 private:
  Seen& seen_;
  std::uint32_t fails_at_;
};

TEST(SinkThread, PassesAllOnInOrder) {
  Seen seen;
  SinkThread sink(std::make_unique<Noting>(seen, 0), 2);
  for (std::uint32_t i = 1; i <= 20; ++i) ASSERT_TRUE(sink.add({i, 1, {}}).ok());
  ASSERT_TRUE(sink.finish().ok());
  EXPECT_TRUE(seen.finished);
  ASSERT_EQ(seen.widths.size(), 20u);
  for (std::uint32_t i = 0; i < 20; ++i) EXPECT_EQ(seen.widths[i], i + 1);
}

TEST(SinkThread, StopsAtTheFirstError) {
  Seen seen;
  SinkThread sink(std::make_unique<Noting>(seen, 3), 1);
  Result<void> last;
  for (std::uint32_t i = 1; i <= 20 && last; ++i) last = sink.add({i, 1, {}});
  ASSERT_FALSE(last.ok());
  EXPECT_EQ(last.error().message, "The disk is full.");
  const auto finished = sink.finish();
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().message, "The disk is full.");
  EXPECT_FALSE(seen.finished);
  EXPECT_EQ(seen.widths, (std::vector<std::uint32_t>{1, 2}));
}

TEST(SinkThread, AnExceptionIsAnErrorOfTheFilm) {
  Seen seen;
  SinkThread sink(std::make_unique<Noting>(seen, 0), 1);
  ASSERT_TRUE(sink.add({1000, 1, {}}).ok());
  const auto finished = sink.finish();
  ASSERT_FALSE(finished.ok());
  EXPECT_TRUE(finished.error().message.starts_with("The film ends here: ")) << finished.error().message;
}

}  // namespace
}  // namespace fl
