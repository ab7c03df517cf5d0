// The walls stand in the real sources, and the checker sees every kind of hole: each is planted once.

#include "tests/walls/walls.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace fl::walls {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

TEST(Walls, StandInTheSources) {
  const auto files = read_sources(FALLLINE_SOURCE_DIR);
  // A wrong folder would have no violations either.
  ASSERT_GT(files.size(), 50u);
  const auto found = violations(files);
  EXPECT_TRUE(found.empty()) << joined(found);
}

TEST(Walls, IncludesAreInOrder) {
  auto files = read_sources(FALLLINE_SOURCE_DIR);
  std::erase_if(files, [](const SourceFile& file) {
    return file.path.starts_with("engine/stage/") || file.path.starts_with("trainer/landscape/");
  });
  ASSERT_GT(files.size(), 50u);
  const auto found = includes_out_of_order(files);
  EXPECT_TRUE(found.empty()) << joined(found);
  EXPECT_EQ(includes_out_of_order({{"a.h", "#include \"b\"\n\n#include \"a\"  // another block\n#include <z>\n"},
                                   {"b.h", "#include <c>  // first\n#include <b>\n#include \"d\"\n"}}),
            (std::vector<std::string>{"b.h:2: <b> belongs above <c>.", "b.h:3: \"d\" belongs above <b>."}));
}

TEST(Walls, AHoleInTheSourcesIsSeen) {
  auto files = read_sources(FALLLINE_SOURCE_DIR);
  files.push_back({"trainer/net/planted.h", "#pragma once\n#include \"engine/vk/device.h\"\n"});
  const auto found = violations(files);
  ASSERT_FALSE(found.empty());
  EXPECT_NE(found.front().find("trainer/net/planted.h:2"), std::string::npos) << joined(found);
}

struct Case {
  const char* path;
  const char* include;
  bool allowed;
};

class OneInclude : public ::testing::TestWithParam<Case> {};

TEST_P(OneInclude, IsJudged) {
  const Case& c = GetParam();
  const auto found = violations({{c.path, std::string("#include ") + c.include + "\n"}});
  EXPECT_EQ(found.empty(), c.allowed) << c.path << " " << c.include << "\n" << joined(found);
}

INSTANTIATE_TEST_SUITE_P(Walls, OneInclude,
                         ::testing::Values(
                             // The trainer knows nothing of screens.
                             Case{"trainer/session/run.cpp", "\"engine/bridge/host_ring.h\"", false},
                             Case{"trainer/seam/frame.h", "<vulkan/vulkan.h>", false},
                             Case{"trainer/data/image.cpp", "<GLFW/glfw3.h>", false},
                             Case{"trainer/session/session.h", "<imgui/imgui.h>", false},
                             Case{"trainer/compute/cuda/interop.cu", "<vulkan/vulkan.h>", false},
                             Case{"trainer/session/session.h", "\"trainer/seam/frame.h\"", true},
                             // The engine sees the trainer's base, and only its top sees more.
                             Case{"engine/stage/stage.h", "\"trainer/seam/frame.h\"", true},
                             Case{"engine/charts/curves.h", "\"trainer/subjects/record/history.h\"", false},
                             Case{"engine/vk/device.h", "\"trainer/compute/backend.h\"", false},
                             Case{"engine/vk/device.h", "\"trainer/net/net_spec.h\"", false},
                             Case{"engine/landscape/path.h", "\"trainer/optim/optimizer.h\"", false},
                             Case{"engine/bridge/host_ring.h", "\"trainer/session/session.h\"", false},
                             Case{"engine/film/capture.h", "\"trainer/data/image.h\"", false},
                             Case{"engine/view/view_spec.h", "\"trainer/landscape/plane.h\"", false},
                             Case{"engine/app/lesson.h", "\"trainer/subjects/training.h\"", true},
                             Case{"engine/ui/control_bar.h", "\"trainer/session/session.h\"", true},
                             // Each library in its house.
                             Case{"trainer/compute/cpu/plan.h", "<oneapi/dnnl/dnnl.hpp>", true},
                             Case{"trainer/compute/backend.cpp", "<oneapi/dnnl/dnnl.hpp>", false},
                             Case{"trainer/compute/cuda/graph.cu", "<cuda_runtime.h>", true},
                             Case{"trainer/compute/kernels/adam.h", "<cuda_runtime.h>", false},
                             Case{"trainer/session/run.cpp", "<cudnn.h>", false},
                             Case{"engine/bridge/cuda_ring.cpp", "<cuda_runtime_api.h>", true},
                             Case{"engine/bridge/host_ring.cpp", "<cuda_runtime_api.h>", false},
                             Case{"engine/wall/tiles.cpp", "<cuda.h>", false},
                             Case{"trainer/exports/onnx_file.cpp", "<onnx/onnx_pb.h>", true},
                             Case{"trainer/exports/tfjs_zip.cpp", "<onnx/onnx_pb.h>", false},
                             Case{"engine/film/encoder/libav.h", "<libavcodec/avcodec.h>", true},
                             Case{"engine/film/movie.cpp", "<libavformat/avformat.h>", false},
                             Case{"engine/ui/control_bar.cpp", "<imgui/imgui.h>", true},
                             Case{"engine/ui/imgui_layer.cpp", "<imgui/backends/imgui_impl_vulkan.h>", true},
                             Case{"engine/ui/imgui_layer.cpp", "\"imgui_impl_glfw.h\"", true},
                             Case{"engine/vk/imgui_layer.cpp", "<imgui/imgui.h>", false},
                             Case{"engine/app/window_command.cpp", "<imgui/imgui.h>", false},
                             Case{"engine/app/window_command.cpp", "<GLFW/glfw3.h>", true},
                             Case{"engine/stage/stage.cpp", "<GLFW/glfw3.h>", false},
                             // No way around.
                             Case{"engine/vk/device.cpp", "\"../../trainer/session/session.h\"", false},
                             Case{"engine/vk/device.cpp", "\"tests/support/golden.h\"", false}));

TEST(Walls, FoldersThatNeedEachOther) {
  const auto found = violations({{"trainer/data/a.h", "#include \"trainer/net/b.h\"\n"},
                                 {"trainer/net/b.h", "\n#include \"trainer/optim/c.h\"\n"},
                                 {"trainer/optim/c.cpp", "#include \"trainer/data/a.h\"\n"}});
  ASSERT_EQ(found.size(), 1u) << joined(found);
  EXPECT_EQ(found.front(),
            "Folders need each other: trainer/data needs trainer/net (trainer/data/a.h:1), trainer/net needs "
            "trainer/optim (trainer/net/b.h:2), trainer/optim needs trainer/data (trainer/optim/c.cpp:1).");
}

TEST(Walls, APartAndItsWholeMaySeeEachOther) {
  const auto found = violations({{"trainer/compute/backend.cpp", "#include \"trainer/compute/cpu/cpu_backend.h\"\n"},
                                 {"trainer/compute/cpu/cpu_backend.h", "#include \"trainer/compute/backend.h\"\n"}});
  EXPECT_TRUE(found.empty()) << joined(found);
}

TEST(Walls, ALongFileIsNamed) {
  std::string text(400, '\n');
  EXPECT_TRUE(violations({{"trainer/net/long.cpp", text}}).empty());
  text += '\n';
  const auto found = violations({{"trainer/net/long.cpp", text}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found.front().find("trainer/net/long.cpp has 401 lines"), std::string::npos) << found.front();
}

TEST(Walls, AFullFolderIsNamed) {
  std::vector<SourceFile> files;
  for (int i = 0; i < 5; ++i) files.push_back({fmt::format("trainer/net/{}.cpp", i), std::string(400, '\n')});
  files.push_back({"trainer/net/part/more.cpp", std::string(400, '\n')});
  files.push_back({"trainer/net/last.cpp", std::string(400, '\n')});
  EXPECT_TRUE(violations(files).empty());
  files.push_back({"trainer/net/straw.cpp", std::string(101, '\n')});
  const auto found = violations(files);
  ASSERT_EQ(found.size(), 1u) << joined(found);
  EXPECT_NE(found.front().find("trainer/net has 2501 lines"), std::string::npos) << found.front();
}

TEST(Walls, IncludesAreReadAsThePreprocessorDoes) {
  const auto found = includes_of(
      "// #include \"in/a/comment.h\"\n"
      "/* #include \"in/a/block.h\"\n"
      "#include \"still/in/it.h\"\n"
      "*/ #include \"behind/it.h\"\n"
      "  #  include <spaced.h>  // why\n"
      "#define URL \"http://x\" /* \" */\n"
      "#include\"tight.h\"");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].header, "behind/it.h");
  EXPECT_EQ(found[0].line, 4u);
  EXPECT_EQ(found[1].header, "spaced.h");
  EXPECT_EQ(found[2].header, "tight.h");
  EXPECT_EQ(found[2].line, 7u);
}

}  // namespace
}  // namespace fl::walls
