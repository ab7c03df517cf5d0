#pragma once
// What a scene may say, as a document: docs/scene-file.md, made from the rows that read the keys.

#include <string>
#include <vector>

#include "trainer/scene/key_table.h"

namespace fl {

// Markdown: what a scene file is, then a section for every table.
std::string scene_document(const std::vector<TableText>& tables);

}  // namespace fl
