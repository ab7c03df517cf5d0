#pragma once
// What shaders know of a view, as the host says it.

#include <span>

#include "engine/pass/pass.h"
#include "engine/vk/buffer.h"

namespace fl {

struct StageView;

// `contacts`: where balls darken the surface, as in ViewUniforms. `buffer` holds a ViewUniforms.
void write_view_uniforms(const PassContext& context, const StageView& view,
                         std::span<const glm::vec4> contacts, Buffer& buffer);

}  // namespace fl
