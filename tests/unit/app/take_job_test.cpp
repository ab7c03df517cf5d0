// What a take is rendered with beside the window, and how far its render says it is.
#include "engine/app/commands/filming/take_job.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/app/commands/filming/session_part.h"
#include "engine/app/takes/result_place.h"
#include "engine/app/takes/take_queue.h"
#include "trainer/base/atomic_file.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

TEST(TakeJob, IsACommandThatPeopleCanType) {
  const TakeJob job{
      .number = 2, .folder = "/state/takes/7-1", .film = "/home/my films/it's.mp4", .backend = {}};
  EXPECT_EQ(take_command(job),
            "fallline render /state/takes/7-1/session.jsonl --take 2 -o '/home/my films/it'\\''s.mp4' "
            "--backend auto");
  const TakeJob cuda{
      .folder = "f", .film = "a.mp4", .backend = {BackendKind::kCuda, true, false}, .device = "llvm"};
  EXPECT_EQ(
      take_command(cuda),
      "fallline render f/session.jsonl --take 1 -o a.mp4 --backend cuda --tf32 --any-order --device llvm");
}

TEST(TakeJob, ItsLogSaysHowFarItIs) {
  EXPECT_EQ(take_progress(""), TakeProgress{});
  EXPECT_EQ(take_progress("step 12 of the session\n"), TakeProgress{});
  EXPECT_EQ(take_progress("half a line\nframe 3 of 12, step 9 of 90, about 12 s left\nanother\n"),
            (TakeProgress{0.25, "about 12 s", {}}));
  EXPECT_EQ(take_progress("frame 3 of 12, step 9 of 90, about 12 s left\nframe 12 of 12, step 90 of 90\n"),
            (TakeProgress{1, {}, {}}));
  EXPECT_EQ(
      take_progress(
          "frame 3 of 12, step 9 of 90, about 12 s left\nerror: Cannot write a.mp4: the disk is full.\n"),
      (TakeProgress{0.25, "about 12 s", "Cannot write a.mp4: the disk is full."}));
}

TEST(SessionPart, IsATakeOrSomeSeconds) {
  SessionFile session;
  for (const double seconds : {1.0, 3.0, 4.0})
    session.events.push_back({seconds, 0, Command(command::Mark{})});
  RenderOptions options{.scene = "s.jsonl"};
  EXPECT_EQ(session_part(options, session).value(), (SessionTake{0, 4}));
  options.take = 1;
  EXPECT_EQ(session_part(options, session).value(), (SessionTake{1, 3}));
  options.take = 2;
  EXPECT_EQ(session_part(options, session).error().message,
            "s.jsonl has no take 2: 1 take is marked in it. F9 in the window marks where one begins and "
            "where it ends.");
  options.take = 0;
  options.from = 2;
  EXPECT_EQ(session_part(options, session).value(), (SessionTake{2, 4}));
  options.to = 90;
  EXPECT_EQ(session_part(options, session).value(), (SessionTake{2, 4}));
  options.from = 4;
  EXPECT_FALSE(session_part(options, session).ok());
  EXPECT_FALSE(check_no_part(options).ok());
  EXPECT_TRUE(check_no_part({}).ok());
}

class Places : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    fs::current_path(folder_);
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }
  const fs::path before_ = fs::current_path();
  const fs::path folder_ = fs::temp_directory_path() / fmt::format("fallline_places_{}", ::getpid());
};

TEST_F(Places, AreFreeAndNobodysInput) {
  ASSERT_TRUE(write_file_atomic("a.mp4", "film").ok());
  const fs::path second = folder_ / "a-2.mp4";
  EXPECT_EQ(result_place({}, "a.mp4").value(), second);
  EXPECT_EQ(result_place({}, "a.mp4", {{second}}).value(), folder_ / "a-3.mp4")
      << "somebody is about to write it";
  Inputs images;
  images.add_images(folder_);
  const auto home = result_place(images, "b.mp4");
  EXPECT_TRUE(!home || home->parent_path() != folder_);
}

}  // namespace
}  // namespace fl
