#include "engine/film/movie.h"

#include <cctype>

#include "fallline_build_info.h"
#include <dlfcn.h>

#include "engine/film/encoder/module.h"
#include "trainer/base/name_list.h"
#include "trainer/base/program_folder.h"

namespace fl {
namespace {

// Debian's and Ubuntu's package of a library: libavcodec59 of "libavcodec.so.59".
std::string package_of(const std::string& file) {
  const auto end = file.find(".so.");
  return end == std::string::npos ? file : file.substr(0, end) + file.substr(end + 4);
}

// Why it cannot be loaded, and what to do.
std::string reason(const std::filesystem::path& module, const std::string& loader_words) {
  const auto end = loader_words.find(": cannot open shared object file");
  if (end == std::string::npos) return fmt::format("{} cannot be loaded: {}", kEncoderFile, loader_words);
  const std::string missing = loader_words.substr(0, end);
  if (missing == module)
    return fmt::format("{} is missing; put it into {}, beside the program", kEncoderFile,
                       module.parent_path().string());
  return fmt::format("{} is missing; install {}", missing, package_of(missing));
}

// It stays loaded until the program ends: its sinks' code lives there.
Result<const EncoderModule*> load_module() {
  static const EncoderModule* loaded = nullptr;
  if (loaded != nullptr) return loaded;
  const std::filesystem::path file = program_folder() / kEncoderFile;
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return error("{}", reason(file, ::dlerror()));
  const auto* module = static_cast<const EncoderModule*>(::dlsym(library, kEncoderSymbol));
  if (module == nullptr || std::string_view(module->version) != FALLLINE_VERSION)
    return error("{} belongs to another version of this program; build both again", kEncoderFile);
  return loaded = module;
}

Result<const EncoderModule*> module_for(const MovieOptions& options) {
  auto module = load_module();
  if (module) return module;
  return error("Cannot write {}: {}, or render into a folder of pictures.", options.path.string(),
               module.error().message);
}

}  // namespace

Result<std::unique_ptr<PictureSink>> open_movie(const MovieOptions& options) {
  FL_TRY(check_encoder(options));
  return (*load_module())->open(options);
}

Result<void> check_encoder(const MovieOptions& options) {
  FL_TRY_LET(module, module_for(options));
  if ((*module)->has(*options.codec)) return {};
  return error(
      "Cannot write {}: this system's libavcodec has no encoder {} for {}; install one that has, or render "
      "into "
      "a folder of pictures.",
      options.path.string(), options.codec->encoder, options.codec->words);
}

std::string movie_words() {
  const auto module = load_module();
  if (!module) return fmt::format("none: {}", module.error().message);
  std::vector<std::string> found;
  for (const MovieCodec& codec : movie_codecs())
    if ((*module)->has(codec)) found.emplace_back(codec.words);
  return fmt::format("{} ({})", found.empty() ? "none" : name_list(found), (*module)->libraries());
}

}  // namespace fl
