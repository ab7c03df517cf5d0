// Runs every file of the folders given through the harness that this is linked with, and the empty input.
#include <algorithm>
#include <iterator>
#include <vector>

#include "tests/fuzz/harness.h"

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  std::vector<fs::path> inputs;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : fs::directory_iterator(argv[i])) inputs.push_back(entry.path());
  std::ranges::sort(inputs);
  LLVMFuzzerTestOneInput(nullptr, 0);
  for (const fs::path& path : inputs) {
    std::printf("%s\n", path.filename().c_str());
    std::fflush(stdout);  // the last name printed is the input that crashed
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
  std::printf("%zu inputs\n", inputs.size());
  return inputs.empty() ? 1 : 0;
}
