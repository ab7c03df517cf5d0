// Files as they are written: beside, through, after links; and what is left of processes that were killed.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/checksum.h"
#include "trainer/base/folder_lock.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "fallline-files-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void put(const char* name, const std::string& text) { std::ofstream(folder_ / name, std::ios::binary) << text; }
  std::string text(const char* name) { return *read_text_file(folder_ / name, 1 << 20); }
  std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_)) found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    return found;
  }

  fs::path folder_;
};

TEST_F(Files, ALinkIsFollowedAndStays) {
  put("target", "old");
  fs::create_symlink("target", folder_ / "link");
  fs::create_symlink("link", folder_ / "second");
  fs::create_symlink("later", folder_ / "dangling");
  ASSERT_TRUE(write_file_atomic(folder_ / "second", "new").ok());
  ASSERT_TRUE(write_file_atomic(folder_ / "dangling", "made").ok());
  EXPECT_TRUE(fs::is_symlink(folder_ / "link") && fs::is_symlink(folder_ / "second"));
  EXPECT_EQ(text("target"), "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "dangling"));
  EXPECT_EQ(text("later"), "made");
}

TEST_F(Files, APipeIsWrittenThrough) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_TRUE(check_writable(pipe).ok()) << "asking does not wait for a reader";
  const std::string longer(200'000, 'x');  // more than a pipe holds
  std::string got;
  std::thread reader([&] {
    std::ifstream in(pipe, std::ios::binary);
    got.assign(std::istreambuf_iterator<char>(in), {});
  });
  EXPECT_TRUE(write_file_atomic(pipe, longer).ok());
  reader.join();
  EXPECT_EQ(got, longer);
  EXPECT_EQ(names(), std::vector<std::string>{"pipe"});
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST_F(Files, ADeviceIsWrittenThroughAndSaysWhatItSays) {
  fs::create_symlink("/dev/full", folder_ / "full");
  const auto full = write_file_atomic(folder_ / "full", "text");
  ASSERT_FALSE(full.ok());
  EXPECT_NE(full.error().message.find("the disk is full"), std::string::npos);
  fs::create_symlink("/dev/null", folder_ / "null");
  EXPECT_TRUE(write_file_atomic(folder_ / "null", "text").ok());
  EXPECT_TRUE(fs::is_symlink(folder_ / "null"));
  EXPECT_TRUE(fs::is_character_file("/dev/null") && fs::is_character_file("/dev/full"));
}

TEST_F(Files, StandardOutputGoesOnWhereItIs) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    const int fd = ::open((folder_ / "out").c_str(), O_WRONLY | O_CREAT, 0644);
    ::dup2(fd, STDOUT_FILENO);
    std::fputs("table\n", stdout);
    const bool written = write_file_atomic("-", "json\n").ok() &&
                         write_file_atomic("/proc/self/fd/1", "again\n").ok() &&
                         write_file_atomic(folder_ / "out", "by name\n").ok();
    std::fputs("end\n", stdout);
    std::fflush(stdout);
    ::_exit(written && is_standard_output("-") && is_standard_output(folder_ / "out") ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(text("out"), "table\njson\nagain\nby name\nend\n");
  EXPECT_FALSE(is_standard_output(folder_ / "out"));
  EXPECT_FALSE(is_standard_output(""));
}

// Whoever knows the next name could have a link there beforehand.
TEST_F(Files, WhatLiesBesideHasANameThatNobodyKnows) {
  put("precious", "keep me");
  fs::create_symlink("precious", folder_ / fmt::format("x.{}.part", ::getpid()));
  ASSERT_TRUE(write_file_atomic(folder_ / "x", "text").ok());
  EXPECT_EQ(text("precious"), "keep me");
  std::vector<std::string> seen;
  for (int i = 0; i < 2; ++i) {
    FileBatch batch;
    ASSERT_TRUE(batch.add(folder_ / "y", "text").ok());
    for (const std::string& name : names())
      if (name.starts_with("y.")) seen.push_back(name);
  }
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_NE(seen[0], seen[1]);
}

TEST_F(Files, AFileThatMayNotBeWrittenStays) {
  put("x", "old");
  fs::permissions(folder_ / "x", fs::perms::owner_read);
  if (::geteuid() == 0) GTEST_SKIP() << "permissions do not bind root";
  EXPECT_FALSE(write_file_atomic(folder_ / "x", "new").ok());
  EXPECT_EQ(text("x"), "old");
}

TEST_F(Files, PermissionsOfAReplacedFileStay) {
  put("x", "old");
  ASSERT_EQ(::chmod((folder_ / "x").c_str(), 0600), 0);
  ASSERT_TRUE(write_file_atomic(folder_ / "x", "new").ok());
  struct stat info {};
  ASSERT_EQ(::stat((folder_ / "x").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(Files, WhatKilledProcessesLeftIsSwept) {
  const pid_t child = ::fork();
  if (child == 0) {
    FileBatch batch;
    if (!batch.add(folder_ / "x", "half").ok()) ::_exit(1);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  for (const char* name : {"x.1234.part", "x.part", "film.part", "x.z.part", "other.12.part"}) put(name, "");
  fs::create_symlink("film.part", folder_ / "x.77.part");
  FileBatch living;
  ASSERT_TRUE(living.add(folder_ / "x", "whole").ok());
  EXPECT_EQ(names().size(), 8u);
  ASSERT_TRUE(check_writable(folder_ / "x").ok());
  EXPECT_EQ(names().size(), 6u) << "that of the killed process and that of an older version";
  ASSERT_TRUE(living.commit().ok());
  EXPECT_EQ(names(), (std::vector<std::string>{"film.part", "other.12.part", "x", "x.77.part", "x.part", "x.z.part"}));
  EXPECT_EQ(text("x"), "whole");
}

TEST_F(Files, AFolderIsLockedUntilItsHolderIsGone) {
  {
    const auto lock = FolderLock::take(folder_);
    ASSERT_TRUE(lock.ok());
    const auto second = FolderLock::take(folder_);
    ASSERT_FALSE(second.ok());
    EXPECT_NE(second.error().message.find(folder_.string()), std::string::npos);
  }
  EXPECT_TRUE(FolderLock::take(folder_).ok());
  EXPECT_TRUE(names().empty()) << "a lock leaves nothing";
  EXPECT_FALSE(FolderLock::take(folder_ / "absent").ok());
}

// Any one bit that is another, any two words that change places, and one byte more.
TEST(Checksum, NoticesEveryChange) {
  std::array<std::byte, 43> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 7);
  const std::uint64_t sum = checksum(bytes);
  EXPECT_EQ(checksum(bytes), sum);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto other = bytes;
    other[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    EXPECT_NE(checksum(other), sum) << bit;
  }
  auto swapped = bytes;
  std::swap_ranges(swapped.begin(), swapped.begin() + 8, swapped.begin() + 16);
  EXPECT_NE(checksum(swapped), sum);
  EXPECT_NE(checksum(std::span(bytes).first(42)), sum);
  const std::array<std::byte, 8> zeros{};
  EXPECT_NE(checksum(zeros), checksum(std::span(zeros).first(7)));
}

}  // namespace
}  // namespace fl
