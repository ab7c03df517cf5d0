// The file format of weights and checkpoints: what is written reads back, and nothing else does.
#include "trainer/files/safetensors.h"

#include <cmath>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"

namespace fl {
namespace {

using test::Bytes;

Safetensors sample() {
  Safetensors file;
  file.metadata = {{"format", "sample"}, {"rate", "1e-05"}, {"quoted", "a \"b\"\n[c]"}};
  const std::vector<float> weights = {1.5f, -0.0f, std::numeric_limits<float>::denorm_min(), 3e38f, 0.1f, 7};
  const std::vector<double> losses = {0.1, std::nan(""), std::numeric_limits<double>::infinity(), -1e-300};
  file.add("conv.weight", {2, 3}, std::span<const float>(weights));
  file.add("losses", {2, 2}, std::span<const double>(losses));
  file.add("nothing", {0, 2}, std::span<const double>());
  return file;
}

// A file of this header, followed by `data_bytes` zeros.
Bytes with_header(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  Bytes bytes(sizeof(length));
  std::memcpy(bytes.data(), &length, sizeof(length));
  const Bytes text = test::bytes_of(header);
  bytes.insert(bytes.end(), text.begin(), text.end());
  bytes.resize(bytes.size() + data_bytes);
  return bytes;
}

std::string refusal(const Bytes& bytes) {
  const auto file = decode_safetensors(bytes);
  return file ? std::string() : file.error().message;
}

TEST(Safetensors, ReadsBackEveryBit) {
  const Safetensors written = sample();
  const Bytes bytes = encode_safetensors(written);
  const auto read = decode_safetensors(bytes);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->metadata, written.metadata);
  ASSERT_EQ(read->tensors.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(read->tensors[i].first, written.tensors[i].first);
    EXPECT_EQ(read->tensors[i].second.shape, written.tensors[i].second.shape);
    EXPECT_EQ(read->tensors[i].second.bytes, written.tensors[i].second.bytes);
  }
  EXPECT_EQ(encode_safetensors(*read), bytes);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof(length));
  EXPECT_EQ(length % 8, 0u) << "the format wants aligned data";
}

TEST(Safetensors, ReadersNameWhatIsNotThere) {
  const Safetensors file = sample();
  std::vector<float> weights(6);
  const std::int64_t shape[] = {2, 3}, other[] = {3, 2};
  ASSERT_TRUE(file.read("conv.weight", shape, weights).ok());
  EXPECT_EQ(weights[4], 0.1f);
  EXPECT_SAYS(file.read("conv.bias", shape, weights).error().message, "it has no conv.bias");
  EXPECT_SAYS(file.read("conv.weight", other, weights).error().message,
              "shape [2, 3], not F32 and [3, 2]");
  const auto losses = file.read_table("losses", 2);
  ASSERT_TRUE(losses.ok());
  EXPECT_TRUE(std::isnan((*losses)[1]));
  EXPECT_TRUE(file.read_table("nothing", 2)->empty());
  EXPECT_FALSE(file.read_table("losses", 4).ok());
  EXPECT_FALSE(file.read_table("conv.weight", 3).ok()) << "of another type";
  EXPECT_TRUE(file.check_format("sample", "1").error().message.find("another version") != std::string::npos);
  EXPECT_SAYS(file.check_format("other", "1").error().message, "another program");
}

TEST(Safetensors, EveryTruncationIsRefused) {
  const Bytes whole = encode_safetensors(sample());
  for (std::size_t length = 0; length < whole.size(); ++length)
    ASSERT_NE(refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))), "")
        << length;
  Bytes longer = whole;
  longer.push_back({});
  EXPECT_SAYS(refusal(longer), "longer than its header says");
}

TEST(Safetensors, HugeHeadersAreRefusedBeforeMemoryIsTaken) {
  Bytes bytes = encode_safetensors(sample());
  for (const std::uint64_t length : {std::uint64_t{kMaxSafetensorsHeader} + 1, std::uint64_t{1} << 40,
                                     std::numeric_limits<std::uint64_t>::max()}) {
    std::memcpy(bytes.data(), &length, sizeof(length));
    EXPECT_SAYS(refusal(bytes), "does not begin like one");
  }
  const std::uint64_t beyond = bytes.size();
  std::memcpy(bytes.data(), &beyond, sizeof(beyond));
  EXPECT_SAYS(refusal(bytes), "its header is cut off");
}

TEST(Safetensors, HeadersThatLieAreRefused) {
  const auto tensor = [](const std::string& type, const std::string& shape, const std::string& offsets) {
    return R"({"w":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  EXPECT_EQ(refusal(with_header(tensor("F32", "[2]", "[0,8]"), 8)), "");
  EXPECT_SAYS(refusal(with_header("[1]", 0)), "header cannot be read");
  EXPECT_SAYS(refusal(with_header(R"({"w":)", 0)), "header cannot be read");
  EXPECT_SAYS(refusal(with_header(std::string(100'000, '['), 0)), "header cannot be read");
  EXPECT_SAYS(refusal(with_header(R"({"w":7})", 0)), "entry in the header is not a table");
  EXPECT_SAYS(refusal(with_header(R"({"__metadata__":7})", 0)), "metadata");
  EXPECT_SAYS(refusal(with_header(R"({"__metadata__":{"rate":0.1}})", 0)), "something that is not text");
  EXPECT_SAYS(refusal(with_header(tensor("BF16", "[2]", "[0,4]"), 4)), "neither F32 nor F64");
  EXPECT_SAYS(refusal(with_header(tensor("F32", "[2]", "[0,16]"), 8)), "past the end");
  EXPECT_SAYS(refusal(with_header(tensor("F32", "[3]", "[0,8]"), 8)), "do not match its shape");
  EXPECT_SAYS(refusal(with_header(tensor("F32", "[2]", "[8,0]"), 8)), "do not match its shape");
  EXPECT_SAYS(refusal(with_header(tensor("F32", "[1]", "[4,8]"), 8)), "do not match its shape") << "a hole";
  EXPECT_SAYS(refusal(with_header(tensor("F32", "[-2]", "[0,8]"), 8)), "shape or its offsets are missing");
  EXPECT_SAYS(refusal(with_header(tensor("F32", "[2.0]", "[0,8]"), 8)), "shape or its offsets are missing");
  EXPECT_SAYS(refusal(with_header(tensor("F32", "[2]", "[0]"), 8)), "shape or its offsets are missing");
  // 2^32 * 2^32 * 4 bytes are 0 to whoever counts in 64 bits.
  EXPECT_SAYS(refusal(with_header(tensor("F32", "[4294967296,4294967296]", "[0,0]"), 0)),
              "do not match its shape");
  EXPECT_SAYS(refusal(with_header(tensor("F32", "[18446744073709551615]", "[0,8]"), 8)),
              "shape or its offsets are missing");
}

TEST(Safetensors, FilesSayTheirNameWhenTheyAreRefused) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_safetensors(folder / "whole.safetensors", sample()).ok());
  EXPECT_TRUE(read_safetensors(folder / "whole.safetensors").ok());
  test::spill(folder / "foreign.safetensors", test::png_of(test::test_picture(8, 1, 1)));
  EXPECT_SAYS(read_safetensors(folder / "foreign.safetensors").error().message, "foreign.safetensors is no");
  EXPECT_SAYS(read_safetensors(folder / "absent").error().message, "absent: no such file");
  EXPECT_SAYS(read_safetensors(folder.path()).error().message, "it is a folder");
}

}  // namespace
}  // namespace fl
