// An export of Teachable Machine. The input is a model.json where it begins with a brace; else a list of
// changes to a small export, four bytes each: the file (two bits), a place in it (22 bits) and the byte that
// goes there.
#include "tests/fuzz/harness.h"
#include "tests/support/small_export.h"
#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/backbone/unfreeze.h"
#include "trainer/net/param_layout.h"

namespace {

namespace fs = std::filesystem;

// Removed at the end.
const fs::path& folder() {
  static const fs::path path =
      fs::temp_directory_path() / ("fallline-fuzz-export-" + std::to_string(::getpid()));
  static const bool removed_at_exit =
      fs::create_directories(path) && std::atexit([] { fs::remove_all(path); }) == 0;
  fl::fuzz::require(removed_at_exit, "the folder is there and goes at the end");
  return path;
}

void write(const char* name, std::string_view text) {
  std::ofstream(folder() / name, std::ios::binary | std::ios::trunc)
      .write(text.data(), static_cast<std::streamsize>(text.size()));
}

void check(const fl::KnownNetwork& known) {
  using fl::fuzz::require;
  require(fl::layer_shapes(known.spec).ok(), "the layers fit");
  require(known.params.size() == fl::ParamLayout::of(known.spec).all_floats, "every layer has its weights");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fl::fuzz::require;
  static const fl::test::SmallExport small(fl::test::SmallExport::Dialect::k2020);
  std::string files[] = {small.model,
                         small.metadata,
                         {reinterpret_cast<const char*>(small.weights.data()), small.weights.size()}};
  if (size > 0 && data[0] == '{')
    files[0] = fl::fuzz::text_of(data, size);
  else
    for (std::size_t i = 0; i + 4 <= size; i += 4) {
      std::string& file = files[(data[i] >> 6u) % 3u];
      const std::size_t place = ((data[i] & 0x3Fu) << 16u | data[i + 1] << 8u | data[i + 2]) % file.size();
      file[place] = static_cast<char>(data[i + 3]);
    }
  write("model.json", files[0]);
  write("metadata.json", files[1]);
  write("weights.bin", files[2]);
  if (const auto model = fl::read_image_model(folder())) {
    check(model->network);
    require(model->network.spec.classes == std::ssize(model->labels), "every class has a label");
  } else {
    require(!model.error().message.empty(), "an error says something");
  }
  const auto read = fl::read_tm_export(folder());
  if (!read) {
    require(!read.error().message.empty(), "an error says something");
    return 0;
  }
  check(read->backbone);
  check(read->head);
  check(fl::whole_network(*read));
  for (int stages = 1; stages <= std::min<int>(3, static_cast<int>(read->backbone.stages.size())); ++stages) {
    const auto cut = fl::cut_backbone(read->backbone, stages);
    require(cut.ok() && cut->above.has_value(), "what has a stage is cut before it");
    check(cut->below);
    check(*cut->above);
    check(fl::joined(cut->below, *cut->above));
  }
  require(read->head.spec.classes == std::ssize(read->labels), "every class has a label");
  return 0;
}
