#include "trainer/base/program_folder.h"

#include <system_error>

#include <sys/auxv.h>

namespace fl {
namespace fs = std::filesystem;

fs::path program_folder() {
  std::error_code code;
  fs::path program = fs::read_symlink("/proc/self/exe", code);
  if (code) program = fs::canonical(reinterpret_cast<const char*>(::getauxval(AT_EXECFN)), code);
  return program.parent_path();
}

}  // namespace fl
