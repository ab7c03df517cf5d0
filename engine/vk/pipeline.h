#pragma once
// Pipelines, described in one place. All that draw share a shape: no vertex input (shaders pull from storage
// buffers and images), dynamic viewport and scissor, push constants for both stages, and dynamic rendering
// unless a render pass is named. What differs is named in GraphicsPipelineInfo.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <vulkan/vulkan.h>

#include "engine/vk/device.h"

namespace fl {

enum class Blend {
  kOpaque,
  kAlpha,            // straight alpha over what is there
  kPremultiplied,    // colour already multiplied by alpha
  kAlphaToCoverage,  // opaque, alpha chooses how many samples: order-free edges under MSAA
};

enum class Depth {
  kNone,       // no test, no write
  kTest,       // nearer or equal passes, no write
  kTestWrite,  // nearer or equal passes and is kept
  kBehind,     // only what is hidden passes, no write
};

struct GraphicsPipelineInfo {
  std::span<const std::uint32_t> vertex;    // SPIR-V
  std::span<const std::uint32_t> fragment;  // SPIR-V; none: depth alone
  std::vector<VkDescriptorSetLayout> sets;
  std::uint32_t push_bytes = 0;                 // at most 128, seen by both stages
  VkFormat color_format = VK_FORMAT_UNDEFINED;  // undefined: no colour
  VkFormat depth_format = VK_FORMAT_UNDEFINED;
  VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
  VkPrimitiveTopology topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST;
  Blend blend = Blend::kOpaque;
  Depth depth = Depth::kNone;
  // Not null: draws in its first subpass, which has one colour and no depth; the formats are then its own.
  VkRenderPass render_pass = VK_NULL_HANDLE;
};

class GraphicsPipeline {
 public:
  GraphicsPipeline() = default;
  GraphicsPipeline(const Device& device, const GraphicsPipelineInfo& info);

  [[nodiscard]] VkPipeline handle() const { return pipeline_.get(); }
  [[nodiscard]] VkPipelineLayout layout() const { return layout_.get(); }

  void bind(VkCommandBuffer cmd) const {
    vkCmdBindPipeline(cmd, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline_.get());
  }
  void bind_set(VkCommandBuffer cmd, std::uint32_t index, VkDescriptorSet set) const {
    vkCmdBindDescriptorSets(cmd, VK_PIPELINE_BIND_POINT_GRAPHICS, layout_.get(), index, 1, &set, 0, nullptr);
  }
  template <typename T>
  void push(VkCommandBuffer cmd, const T& constants) const {
    static_assert(sizeof(T) <= 128 && sizeof(T) % 4 == 0);
    vkCmdPushConstants(cmd, layout_.get(), VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT, 0,
                       sizeof(T), &constants);
  }

 private:
  PipelineLayoutHandle layout_;
  PipelineHandle pipeline_;
};

class ComputePipeline {
 public:
  ComputePipeline() = default;
  ComputePipeline(const Device& device, std::span<const std::uint32_t> code,
                  const std::vector<VkDescriptorSetLayout>& sets, std::uint32_t push_bytes = 0);

  void bind(VkCommandBuffer cmd) const {
    vkCmdBindPipeline(cmd, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline_.get());
  }
  void bind_set(VkCommandBuffer cmd, std::uint32_t index, VkDescriptorSet set) const {
    vkCmdBindDescriptorSets(cmd, VK_PIPELINE_BIND_POINT_COMPUTE, layout_.get(), index, 1, &set, 0, nullptr);
  }
  template <typename T>
  void push(VkCommandBuffer cmd, const T& constants) const {
    static_assert(sizeof(T) <= 128 && sizeof(T) % 4 == 0);
    vkCmdPushConstants(cmd, layout_.get(), VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof(T), &constants);
  }

 private:
  PipelineLayoutHandle layout_;
  PipelineHandle pipeline_;
};

}  // namespace fl
