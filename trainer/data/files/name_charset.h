#pragma once
// Names in ZIP files are in UTF-8 or, as older tools leave them, in whatever their computer used, unsaid.

#include <string>
#include <vector>

namespace fl {

// The names in UTF-8 where together they can only be Japanese (Shift JIS as Windows has it, CP932: all of
// them decode, and kana are among them); empty otherwise.
std::vector<std::string> decode_japanese(const std::vector<std::string>& names);

}  // namespace fl
